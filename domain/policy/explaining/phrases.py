"""The plain phrases for the codes that editions use: what starts a clock, when a rule applies, who owes whom."""

from typing import Final

from domain.kernel.words import Code
from domain.policy.conditions import AT_LEAST, WORSE_HARM, fact_condition, question_condition
from domain.policy.edition import SINCE_START, Force, Limit, Unit, standing
from domain.policy.explaining.facts import SAID
from domain.policy.facts import FactName
from domain.policy.questions import Outcome, Question

QUESTIONS: Final = {
    Question.SERIOUS_INCIDENT: "a serious incident",
    Question.NEVER_EVENT: "a Never Event",
    Question.NATIONAL_RESPONSE: "an event with a nationally set response",
    Question.PLAN_PRIORITY: "a priority of the local plan",
    Question.NOTIFIABLE_SAFETY_INCIDENT: "a notifiable safety incident",
    Question.CQC_NOTIFICATION: "an event that CQC must be notified of",
    Question.SAFEGUARDING: "a safeguarding matter",
    Question.MNSI: "a case for the maternity investigation programme (MNSI)",
    Question.SYSTEMIC_FAILURE: "a systemic failure",
}

_UNITS: Final = {
    Unit.WORKING_DAYS: ("working day", "working days"),
    Unit.CALENDAR_DAYS: ("calendar day", "calendar days"),
    Unit.HOURS: ("elapsed hour", "elapsed hours"),
    Unit.MONTHS: ("calendar month", "calendar months"),
}

_OUTCOMES: Final = {
    Outcome.MET: "it is {what}",
    Outcome.NOT_MET: "it is decided not to be {what}",
    Outcome.UNCLEAR: "it is unclear whether it is {what}",
}

_SAID: Final = {
    "incident.discovered": "the incident is discovered",
    "incident.reported": "the incident is reported",
    "incident.identified": "the incident is identified as meeting a threshold",
    "incident.safety_secured": "people are made safe",
    "incident.initial_review_made": "the initial review is made",
    "incident.initial_review_submitted": "the initial review is submitted",
    "incident.closed": "the case is closed",
    "evidence.preserved": "evidence is preserved",
    "candour.relevant_person_identified": "the relevant person is identified",
    "candour.timeframe_agreed": "a timeframe is agreed with those affected",
    "candour.conversation_held": "a conversation is held with the relevant person",
    "candour.notice_given": "the relevant person is notified",
    "candour.support_offered": "support is offered to the relevant person",
    "candour.contact_attempted": "contact with the relevant person is attempted",
    "candour.contact_declined": "the relevant person declines contact",
    "candour.cannot_be_contacted": "the relevant person cannot be contacted",
    "candour.question_asked": "the relevant person asks a question",
    "candour.question_answered": "a question of the relevant person is answered",
    "learning_response.commissioned": "a learning response is commissioned",
    "learning_response.lead_appointed": "the lead of the learning response is appointed",
    "learning_response.draft_put_forward": "a draft is put forward to its approver",
    "learning_response.draft_returned": "a draft is returned by its approver",
    "learning_response.approved": "the learning response is approved",
}
"""The facts that are named by themselves, or with a qualifier that says which."""

_QUALIFIED: Final = {
    "incident.identified": "the incident is identified as {question}",
    "incident.possibly_identified": "the incident is identified as possibly {question}",
    "incident.threshold_decided": "it is decided whether it is {question}",
    "incident.notified": "{words} told",
    "incident.submitted_externally": "the record is sent to {words}",
    "incident.closed": "the case is closed ({words})",
    "candour.letter_sent": "a letter ({words}) is sent to the relevant person",
    "candour.findings_shared": "the {words} findings are shared with the relevant person",
    "candour.notice_given": "the relevant person is notified {words}",
    "learning_response.commissioned": "a learning response ({words}) is commissioned",
    "learning_response.approved": "the learning response ({words}) is approved",
    "learning_response.submitted": "the report is submitted to the {words}",
    "learning_response.received": "the report is received by the {words}",
}

_NAMES: Final = {
    "cqc": "CQC",
    "ico": "the ICO",
    "hse": "HSE",
    "mhra": "MHRA",
    "mnsi": "MNSI",
    "mbrrace": "MBRRACE-UK",
    "pmrt": "the perinatal mortality review tool",
    "leder": "LeDeR",
    "ncmd": "the National Child Mortality Database",
    "dspt": "the DSPT incident tool",
    "steis": "StEIS",
    "lfpse": "LFPSE",
    "nrls": "NRLS",
    "sabre": "SABRE",
    "riddor": "RIDDOR",
    "hta": "HTA",
    "hfea": "HFEA",
    "hssib": "HSSIB",
    "nhs_england": "NHS England",
    "nhs_resolution": "NHS Resolution",
    "psii": "patient safety incident investigation",
    "yellow_card": "the Yellow Card scheme",
    "cqc_portal": "CQC's portal",
    "shot": "SHOT",
    "irmer_authority": "the IR(ME)R authority",
    "irmer_report": "the IR(ME)R authority as the report of the investigation",
    "pmrt_report": "the perinatal mortality review tool as the review's report",
    "coroner_on_prevention": "the coroner, in answer to a report to prevent future deaths,",
    "coroner_on_notice": "the coroner, in answer to a notice,",
    "mdt_review": "multidisciplinary team review",
    "lado": "the designated officer (LADO)",
    "child_death_review": "the child death review partners",
    "data_subjects": "the people whose data it concerns",
    "cqc_on_return": "CQC, of the return,",
    "sif-2015": "the Serious Incident Framework 2015",
    "psirf-2022": "PSIRF 2022",
    "never-events-2018": "the Never Events list 2018",
    "good_care": "good care",
    "other_registered_person": "another registered person",
    "concise": "concise (level 1) investigation",
    "comprehensive": "comprehensive (level 2) investigation",
    "independent": "independent (level 3) investigation",
    "riit": "NHS England's regional independent investigation team",
    "cdop": "child death review",
    "sqas": "the screening quality assurance service",
    "ppo": "the Prisons and Probation Ombudsman",
    "csp": "the community safety partnership",
    "safeguarding": "the local authority's safeguarding lead",
    "local_authority": "the local authority",
}

_CODED: Final = {
    FactName.NEVER_EVENT_TYPE: "what happened is {code}",
    FactName.NEVER_EVENT_EXCLUSION: 'the exclusion "{code}" applies',
    FactName.MATERNITY_CRITERION: "what happened is {code}",
    FactName.MATERNITY_EXCLUSION: 'the exclusion "{code}" applies',
    FactName.CANDOUR_HARM: "it appears to have resulted in {code}",
    FactName.CANDOUR_HARM_POSSIBLE: "it could result in {code}",
    FactName.CQC_INJURY: "the injury is {code}",
    FactName.SERVICE_THREAT: "what threatens the service is {code}",
    FactName.RIDDOR_EVENT: "the event at work is {code}",
    FactName.RADIATION_EVENT: "the radiation event is {code}",
    FactName.BLOOD_TISSUE_OR_FERTILITY_EVENT: "the event is {code}",
    FactName.PLAN_THEME: "it belongs to the plan's priority {code}",
}
"""What a fact with a code says; `the <fact> is <code>` where nothing is given here."""

_SEVERAL: Final = {
    *("relevant_bodies", "those_affected", "other_bodies", "individuals", "data_subjects", "child_death_review"),
}
"""Words for several who are told, which take no article."""


def named(code: str) -> str:
    """A code as people write it."""
    return _NAMES.get(code, code.replace("_", " ").replace("-", " "))


def _with_article(code: str) -> str:
    words = named(code)
    return words if code in _NAMES else f"{'an' if words[0] in 'aeiou' else 'a'} {words}"


def response_phrase(code: Code) -> str:
    """The response that a criterion proposes: a method, or whom the case is referred to."""
    verb, separator, whom = code.partition(":")
    if not separator:
        return named(code)
    return f"{'contribute to the review of' if verb == 'contribute' else 'refer to'} {named(whom)}"


def limit_phrase(limit: Limit) -> str:
    """A time limit in words; one without a number never gets one."""
    if limit.length is None:
        return "without delay (the source gives no number)"
    one, many = _UNITS[limit.unit]
    return f"within {limit.length} {one if limit.length == 1 else many}"


def force_phrase(force: Force, *, verified: bool) -> str:
    """The force of a rule, never claiming more than was checked."""
    return standing(force, verified=verified)


def event_phrase(code: Code) -> str:
    """What a code of `started_by`, `met_by`, `set_aside_by` or `revived_by` says, as a clause."""
    if code.startswith(SINCE_START):
        return f"{event_phrase(Code(code.removeprefix(SINCE_START)))} (not before the clock starts)"
    stem, _, qualifier = code.partition(":")
    if stem == "incident.fact":
        name, _, value = qualifier.partition(":")
        return f"it is known that {fact_phrase(FactName(name), value or None)}"
    if not qualifier or stem not in _QUALIFIED:
        return _SAID.get(stem, named(stem.replace(".", " ")))
    question, _, criterion = qualifier.partition(":")
    if question in {each.value for each in Question}:
        said = _QUALIFIED[stem].format(question=QUESTIONS[Question(question)], words=named(question))
        return f"{said} by the criterion {criterion}" if criterion else said
    words = ", ".join(named(part) for part in qualifier.split(":"))
    if stem == "incident.notified":
        words = _whom(qualifier)
    return _QUALIFIED[stem].format(question=words, words=words)


def _whom(qualifier: str) -> str:
    who, _, channel = qualifier.partition(":")
    verb = "are" if who in _SEVERAL else "is"
    return f"{recipient_phrase(Code(who))} {verb}" + (f" (by {named(channel)})" if channel else "")


def recipient_phrase(code: Code) -> str:
    """Who is told, or who owes, with the article that goes before."""
    return named(code) if code in _NAMES or code in _SEVERAL else f"the {named(code)}"


def fact_phrase(fact: FactName, code: str | None = None) -> str:
    """What a fact says when it is so, or has a code."""
    if code is None:
        return SAID[fact]
    return _CODED.get(fact, f"the {named(fact.value)} is {{code}}").format(code=code_phrase(code))


def code_phrase(code: str) -> str:
    """A code of a fact, without the list that it comes from; a numbered item of a list says so."""
    code_list, _, item = code.rpartition(":")
    return f"item {item} of {named(code_list)}" if code_list else named(item)


def condition_phrase(word: Code) -> str:
    """What a condition says, as a clause that follows "where"."""
    asked = question_condition(word)
    if asked is not None:
        return _OUTCOMES[asked[1]].format(what=QUESTIONS[asked[0]])
    condition = fact_condition(word)
    if condition is not None:
        if AT_LEAST in word:
            harm, _, level = word.partition(AT_LEAST)
            scale = "harm on the worse scale" if harm == WORSE_HARM else named(harm)
            return f"{scale} is at least {level}"
        return fact_phrase(condition.facts[0], condition.code)
    head, _, tail = word.partition(":")
    return {
        "record": f"it is recorded as {_with_article(tail)}",
        "provider": f"the provider is {_with_article(tail)}",
        "regime": f"under {named(tail)}",
        "response": f"a learning response is carried out ({named(tail)})",
        "criterion": f"the criterion {tail} is met",
        "involves": "a patient may have been involved",
    }[head]
