"""Which duties follow from what is known of a case, with their whole terms, so that no later edition changes them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from domain.kernel.done import Done
from domain.kernel.words import Code, Label, PersonId, ResponseId
from domain.policy.clocks import due_at
from domain.policy.conditions import is_about_patient
from domain.policy.edition import Choice, Edition, Force, Rule, Unit
from domain.policy.library import Policy


@dataclass(frozen=True, slots=True)
class DutyTerms:
    """One duty as it was opened: the rule that asks for it, its clock, and what meets it or sets it aside.

    `person` is whom it is owed to; None: to nobody in particular, or to somebody not yet identified. `response` is the
    learning response whose duty it is; None: the duty is the case's.
    """

    rule: Code
    title: Label
    edition: Code
    force: Force
    source: Label
    verified: bool
    unit: Unit
    length: int | None
    started_by: Code
    started_at: datetime
    due_at: datetime | None
    calendar: Code
    actor: Code
    recipients: tuple[Code, ...]
    met_by: tuple[Code, ...]
    set_aside_by: tuple[Code, ...]
    revived_by: tuple[Code, ...]
    person: PersonId | None
    response: ResponseId | None
    pausable: bool
    extendable: bool


Circumstances = Sequence[frozenset[Code]]
"""The words that hold, once for each patient: words about a patient hold together only for one and the same."""


def duties_owed(
    policy: Policy,
    references: Sequence[Code],
    *,
    circumstances: Circumstances,
    starts: Sequence[Done],
    persons: Sequence[PersonId],
) -> list[DutyTerms]:
    """Every duty of these editions whose circumstances hold and whose clock something in `starts` has started.

    In the order of the editions, of their rules, and of `persons`. A rule that is switched off asks for nothing; one of
    whose options an overlay of the case chooses runs by that limit. A duty owed to each person is one for each of them,
    started by what was done for them or for nobody in particular; while nobody is identified it is one, for no person.
    A duty owed for each response is one for each that has started it.

    Raises:
        EditionUnknownError: an edition of the case is not known.
    """
    editions = [policy.edition(reference) for reference in references]
    choices = [(choice, edition) for edition in editions for choice in edition.choices]
    started = {start.code for start in starts}
    owed: list[DutyTerms] = []
    for edition in editions:
        for rule in edition.rules:
            # By far the most rules of a case have nothing that starts them: that is asked first.
            if not started.isdisjoint(rule.started_by) and applies(rule, circumstances):
                chosen = _chosen(rule, choices)
                owed.extend(_terms(policy, edition, rule=chosen, starts=starts, persons=persons))
    return owed


def applies(rule: Rule, circumstances: Circumstances) -> bool:
    """Whether a rule is asked of the case: for one patient, or for none, all its words hold and no exception does.

    A rule without a condition about a patient is about the case as a whole: an exception that holds of any patient
    takes it away.
    """
    if rule.switched_off:
        return False
    holding = [words for words in circumstances if words.issuperset(rule.applies_when)]
    if rule.unless and not any(map(is_about_patient, rule.applies_when)):
        return bool(holding) and all(words.isdisjoint(rule.unless) for words in circumstances)
    return any(words.isdisjoint(rule.unless) for words in holding)


def _chosen(rule: Rule, choices: Iterable[tuple[Choice, Edition]]) -> Rule:
    """The rule with the limit that a local overlay chooses among its options; its force stays what it is."""
    for choice, overlay in choices:
        if choice.rule == rule.id and choice.limit in rule.options:
            source = Label(f"{rule.source}; {choice.limit.length} {choice.limit.unit} by the option in {overlay.title}")
            return replace(rule, length=choice.limit.length, unit=choice.limit.unit, source=source)
    return rule


def _terms(
    policy: Policy, edition: Edition, *, rule: Rule, starts: Sequence[Done], persons: Sequence[PersonId]
) -> Iterable[DutyTerms]:
    if rule.owed_for_each_response:
        return _each_responses_own(policy, edition, rule=rule, starts=starts)
    if not rule.owed_to_each_person:
        start = _earliest(rule, starts)
        return [] if start is None else [_term(policy, edition, rule=rule, start=start, person=None)]
    found: list[DutyTerms] = []
    for person in persons or (None,):
        start = _earliest(rule, [each for each in starts if each.person in (None, person)])
        if start is not None:
            found.append(_term(policy, edition, rule=rule, start=start, person=person))
    return found


def _each_responses_own(policy: Policy, edition: Edition, *, rule: Rule, starts: Sequence[Done]) -> Iterable[DutyTerms]:
    starting = [start for start in starts if start.code in rule.started_by and start.response is not None]
    for response in dict.fromkeys(start.response for start in starting):
        start = _earliest(rule, [each for each in starting if each.response == response])
        if start is not None:
            yield replace(_term(policy, edition, rule=rule, start=start, person=None), response=response)


def _earliest(rule: Rule, starts: Iterable[Done]) -> Done | None:
    starting = [start for start in starts if start.code in rule.started_by]
    return min(starting, key=lambda start: (start.at, rule.started_by.index(start.code)), default=None)


def _term(policy: Policy, edition: Edition, *, rule: Rule, start: Done, person: PersonId | None) -> DutyTerms:
    return DutyTerms(
        rule=rule.id,
        title=rule.title,
        edition=edition.reference,
        force=rule.force,
        source=rule.source,
        verified=rule.verified,
        unit=rule.unit,
        length=rule.length,
        started_by=start.code,
        started_at=start.at,
        due_at=due_at(rule.unit, rule.length, started_at=start.at, calendar=policy.calendar),
        calendar=policy.calendar.version,
        actor=rule.actor,
        recipients=rule.recipients,
        met_by=rule.met_by,
        set_aside_by=rule.set_aside_by,
        revived_by=rule.revived_by,
        person=person,
        response=None,
        pausable=rule.pausable,
        extendable=rule.extendable,
    )
