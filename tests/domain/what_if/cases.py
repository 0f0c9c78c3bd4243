"""Small editions that differ, and cases told step by step: under the editions of their day, or from scratch under others."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final

from domain.incident.commands.add_facts import AddFacts, add_facts
from domain.incident.commands.bring_duties_up_to_date import BringDutiesUpToDate, bring_duties_up_to_date
from domain.incident.commands.decide_threshold import decide_threshold
from domain.incident.commands.report_incident import ProviderAtReport, report_incident
from domain.incident.duties import Told, bring_up_to_date
from domain.incident.events import IncidentReported
from domain.incident.state import Incident
from domain.incident.what_if.comparing import Compared, DutyDifference, compare
from domain.incident.what_if.editions import Change, read_change
from domain.incident.what_if.past import Moment
from domain.kernel.actor import Stamp
from domain.kernel.done import Done
from domain.kernel.envelope import begin
from domain.kernel.words import Code, PersonId, ResponseId
from domain.policy.facts import FactName, FactValue
from domain.policy.library import Policy
from domain.policy.parsing.edition_file import parse_edition
from domain.policy.questions import Outcome, Question
from domain.policy.status import Recorded
from tests.support.decisions import NOON, an_id
from tests.support.incidents import COMMISSIONER, PSIRF_TRUST, REPORT, a_decision, a_fact, words
from tests.support.small_policy import small_policy

_REGIME: Final = """
title = "A regime of 2030"
family = "regime"
in_force_from = 2030-01-01

[[rule]]
id = "P-SAFE"
title = "Make people safe"
applies_when = ["record:incident", "regime:regime-2030"]
started_by = ["incident.discovered"]
met_by = ["incident.safety_secured"]
unit = "ASAP"
actor = "provider"
force = "national"
source = "test"
verified = true

[[rule]]
id = "P-TELL"
title = "Tell the commissioner of a Never Event"
applies_when = ["never_event:met"]
unless = ["public_concern"]
started_by = ["incident.identified:never_event"]
met_by = ["incident.notified:commissioner"]
length = 1
unit = "WD"
actor = "provider"
recipients = ["commissioner"]
force = "contract"
source = "test"
verified = false

[[rule]]
id = "P-CONCERN"
title = "Tell of public concern"
applies_when = ["public-concern"]
started_by = ["incident.fact:public_concern"]
met_by = ["incident.notified:commissioner"]
unit = "ASAP"
actor = "provider"
force = "national"
source = "test"
verified = false
switched_off = true

[[rule]]
id = "C-TELL"
title = "Tell the relevant person"
applies_when = ["notifiable_safety_incident:met"]
started_by = ["incident.identified:notifiable_safety_incident"]
met_by = ["candour.notice_given"]
length = 10
unit = "WD"
actor = "provider"
recipients = ["relevant_person"]
owed_to_each_person = true
force = "national"
source = "test"
verified = false

[[rule]]
id = "P-PSII"
title = "Complete the investigation of a Never Event"
applies_when = ["response:psii", "never_event:met"]
started_by = ["learning_response.commissioned:psii"]
met_by = ["learning_response.approved"]
length = 6
unit = "M"
actor = "provider"
pausable = true
extendable = true
force = "national"
source = "test"
verified = false

[[rule]]
id = "L-PANEL"
title = "Decide the response"
applies_when = ["record:incident"]
started_by = ["incident.notified:commissioner"]
met_by = ["incident.threshold_decided:plan_priority"]
length = 7
unit = "CD"
actor = "provider"
force = "national"
source = "test"
verified = false

[[rule]]
id = "N-REFER"
title = "Refer the death"
applies_when = ["national_response:met", "criterion:N-DIED"]
started_by = ["incident.identified:national_response"]
met_by = ["incident.notified:commissioner"]
length = 24
unit = "H"
actor = "provider"
force = "national"
source = "test"
verified = false

[[criterion]]
id = "N-DIED"
question = "national_response"
title = "Somebody died"
when = ["record:incident", "died"]
force = "national"
source = "test"
verified = false

[[criterion]]
id = "N-CANDOUR"
question = "notifiable_safety_incident"
title = "Somebody died"
when = ["record:incident", "died"]
force = "national"
source = "test"
verified = false
"""
CANDOUR: Final = Code("reg20")
NEW: Final = Code("regime-2030")
OLD: Final = Code("sif-2015")
PLAN: Final = Code("zz1-plan")


@cache
def policy() -> Policy:
    """The small policy with one regime more, which asks a question that no other asks."""
    small = small_policy()
    return Policy((*small.editions, parse_edition(NEW, _REGIME.encode())), small.calendar)


@dataclass(frozen=True)
class Step:
    """Something that happens to a case, so many hours after noon."""

    hours: float = 0

    @property
    def at(self) -> datetime:
        """When it happens, and is recorded."""
        return NOON + timedelta(hours=self.hours)

    @property
    def stamp(self) -> Stamp:
        """By the commissioner, who may do everything that these steps do."""
        return Stamp(by=COMMISSIONER, at=self.at, now=self.at)


@dataclass(frozen=True)
class Decided(Step):
    """A question is answered; it was identified `earlier` hours before."""

    question: Question = Question.NEVER_EVENT
    outcome: Outcome = Outcome.MET
    earlier: float = 0


@dataclass(frozen=True)
class Known(Step):
    """A fact becomes known, or (None) is taken back."""

    fact: FactName = FactName.PUBLIC_CONCERN
    value: FactValue | None = True
    patient: int | None = None


@dataclass(frozen=True)
class ToldOf(Step):
    """Another stream of the case does something."""

    code: str = ""
    person: PersonId | None = None
    response: ResponseId | None = None


class Playing:
    """A case as it is played under some editions by the real decisions."""

    def __init__(self, incident: Incident, rules: Policy) -> None:
        self.incident = incident
        self.told = Told()
        self._rules = rules
        self._steps = 0
        self._facts: list[Recorded] = []
        self._keep(NOON)

    def take(self, step: Step) -> None:
        """Give the command that the step stands for."""
        self._steps += 1
        match step:
            case Decided():
                self._decide(step)
            case Known():
                fact = a_fact(step.fact, step.value, patient=step.patient)
                add_facts(self.incident, AddFacts(facts=(fact,)), step.stamp, policy=self._rules, told=self.told)
            case ToldOf():
                self._tell(step)
        self._keep(step.at)

    def _decide(self, step: Decided) -> None:
        command = a_decision(
            step.question,
            step.outcome,
            number=self._steps,
            edition=self.incident.editions[0],
            identified_at=step.at - timedelta(hours=step.earlier),
            departure=words(),
        )
        decide_threshold(self.incident, command, step.stamp, policy=self._rules, told=self.told)

    def _tell(self, step: ToldOf) -> None:
        done = Done(Code(step.code), step.at, step.person, step.response)
        persons = dict.fromkeys((*self.told.persons, *filter(None, [step.person])))
        self.told = Told((*self.told.starts, done), tuple(persons), self.told.methods)
        self._facts.append(Recorded(done, step.at))
        command = BringDutiesUpToDate(starts=self.told.starts, persons=self.told.persons, methods=self.told.methods)
        bring_duties_up_to_date(self.incident, command, step.stamp, policy=self._rules)

    def _keep(self, at: datetime) -> None:
        for fact in self.incident.collect_events():
            told: Any = fact  # the library does not know that every fact of ours says what it does
            self._facts.extend(Recorded(each, at) for each in told.done())

    @property
    def facts(self) -> tuple[Recorded, ...]:
        """What the case did towards duties."""
        return tuple(self._facts)


def reported(provider: ProviderAtReport = PSIRF_TRUST, **changes: Any) -> Playing:
    """A case that was reported at noon, under the editions of its day."""
    stamp = Step().stamp
    return Playing(report_incident(replace(REPORT, **changes), stamp, provider=provider, policy=policy()), policy())


def reported_under(editions: Sequence[Code], provider: ProviderAtReport = PSIRF_TRUST) -> Playing:
    """The same case, had it been reported under these editions."""
    report = report_incident(REPORT, Step().stamp, provider=provider, policy=policy()).collect_events()[0]
    assert isinstance(report, IncidentReported)
    values = {each.name: getattr(report, each.name) for each in fields(report)}
    values |= {"editions": tuple(editions), "regime": policy().regime_of(editions)}
    incident = begin(Incident, IncidentReported(**values))
    bring_up_to_date(incident, Step().stamp, policy())
    return Playing(incident, policy())


def moments(steps: Sequence[Step], case: Playing) -> Iterator[Moment]:
    """The case as it stood after its report, and after each step."""
    yield Moment(case.incident, case.told, NOON, NOON)
    for step in steps:
        case.take(step)
        yield Moment(case.incident, case.told, step.at, step.at)


def a_change(*editions: Code, without: Sequence[str] = ()) -> Change:
    """What is asked."""
    return read_change(policy(), editions, [Code(word) for word in without])


def compared(
    change: Change,
    *steps: Step,
    provider: ProviderAtReport = PSIRF_TRUST,
    as_of: datetime = NOON + timedelta(days=30),
    **changes: Any,
) -> Compared:
    """The case under its own editions and after the change."""
    first = reported(provider, **changes)
    for step in steps:
        first.take(step)
    told = moments(steps, reported(provider, **changes))
    found = compare(told, change, policy(), facts=first.facts, as_of=as_of)
    assert found is not None
    return found


def of_rule(found: Compared, rule: str) -> DutyDifference:
    """The one difference about a rule."""
    (difference,) = [each for each in found.differences if each.rule == rule]
    return difference


MARY_IS_TOLD: Final = PersonId(an_id(201))
AN_INVESTIGATION: Final = ResponseId(an_id(701))
