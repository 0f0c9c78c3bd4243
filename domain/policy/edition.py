"""Policy editions: dated, frozen rules and criteria, each with one force and one source (`parsing/` reads the files)."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final

from domain.kernel.words import Code, Digest, Label, OdsCode
from domain.policy.questions import Question

_DIGEST_CHARACTERS: Final = 12

SINCE_START: Final = "since_start:"
"""Before a code of `met_by`: it counts only from the day on which the clock started, not before."""


class Force(StrEnum):
    """What makes a rule binding. Whether its text was checked is another matter (`Rule.verified`)."""

    LAW = "law"
    STATUTORY_GUIDANCE = "statutory-guidance"
    CONTRACT = "contract"
    NATIONAL = "national"
    SCHEME = "scheme"
    GOOD_PRACTICE = "good-practice"
    LOCAL = "local"


class Unit(StrEnum):
    """What a time limit is counted in; `WITHOUT_NUMBER` is "without delay", which no number may stand in for."""

    WORKING_DAYS = "WD"
    CALENDAR_DAYS = "CD"
    HOURS = "H"
    MONTHS = "M"
    WITHOUT_NUMBER = "ASAP"


class Family(StrEnum):
    """What an edition is for; of each family a case has at most one, in this order.

    The regime is chosen by the provider's adoption of PSIRF, a family of local overlays by an event of adoption, and
    every other by the day on which the incident was identified.
    """

    REGIME = "regime"
    NEVER_EVENTS = "never-events"
    CANDOUR = "candour"
    CONTRACT = "contract"
    CQC = "cqc"
    SAFEGUARDING_ADULTS = "safeguarding-adults"
    SAFEGUARDING_CHILDREN = "safeguarding-children"
    WORK_SAFETY = "work-safety"
    DATA_PROTECTION = "data-protection"
    MATERNITY = "maternity"
    LEARNING_DISABILITY = "learning-disability"
    DEATHS = "deaths"
    MEDICINES_AND_DEVICES = "medicines-and-devices"
    BLOOD_TISSUE_AND_FERTILITY = "blood-tissue-and-fertility"
    RADIATION = "radiation"
    CUSTODY_AND_HOMICIDE = "custody-and-homicide"
    SCREENING = "screening"
    RECORDING = "recording"
    RETENTION = "retention"
    COMMISSIONER_LIMITS = "commissioner-limits"
    LOCAL_PLAN = "local-plan"

    @property
    def is_overlay(self) -> bool:
        """Whether it is local: adopted for one provider, by an event."""
        return self in (Family.COMMISSIONER_LIMITS, Family.LOCAL_PLAN)


@dataclass(frozen=True, slots=True)
class Limit:
    """A number of units; `length` None: there is no number."""

    unit: Unit
    length: int | None


@dataclass(frozen=True, slots=True)
class Keeping:
    """As what a record is kept (a serious incident's, another's, one that is undecided), and at least how long."""

    kept_as: Code
    limit: Limit


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. Any of `started_by` starts its clock, the earliest first; any of `met_by` meets it.

    A rule whose `opens_clock` is false says how things go: nothing starts it, so that it opens no duty. One that is
    `switched_off` rests on too little to be asked of anybody: it is shown, and opens nothing. `options` are the other
    limits in which local policies read the same step; an overlay may choose one. `carries` are the rules of the field's
    reference that it stands for beside its own. `keeping` is how long a record to which it applies is kept.
    """

    id: Code
    title: Label
    applies_when: tuple[Code, ...]
    unless: tuple[Code, ...]
    started_by: tuple[Code, ...]
    met_by: tuple[Code, ...]
    set_aside_by: tuple[Code, ...]
    revived_by: tuple[Code, ...]
    length: int | None
    unit: Unit
    options: tuple[Limit, ...]
    actor: Code
    recipients: tuple[Code, ...]
    owed_to_each_person: bool
    owed_for_each_response: bool
    pausable: bool
    extendable: bool
    force: Force
    source: Label
    verified: bool
    opens_clock: bool
    switched_off: bool
    carries: tuple[Code, ...]
    note: Label | None
    consequence: Label | None
    keeping: Keeping | None = None


@dataclass(frozen=True, slots=True)
class Criterion:
    """One way in which a question is answered "met": all of `when` hold, and nothing of `unless`.

    It counts for incidents of the days from `from_on` to `until_on` (None: no such end), and not from `suspended_from`
    on. Criteria of one id say the same thing of different days. `response` is what is proposed when it is met.
    """

    id: Code
    question: Question
    title: Label
    when: tuple[Code, ...]
    unless: tuple[Code, ...]
    response: Code | None
    force: Force
    source: Label
    verified: bool
    from_on: date | None
    until_on: date | None
    suspended_from: date | None
    note: Label | None

    def counts_on(self, day: date) -> bool:
        """Whether it is one of the criteria of this day, be it suspended or not."""
        return (self.from_on is None or self.from_on <= day) and (self.until_on is None or day <= self.until_on)

    def is_suspended_on(self, day: date) -> bool:
        """Whether it is on the list of this day in name only."""
        return self.suspended_from is not None and self.suspended_from <= day


@dataclass(frozen=True, slots=True)
class Term:
    """A defined term, and what people also call it."""

    id: Code
    title: Label
    words: Label
    also_called: tuple[Label, ...]
    source: Label
    verified: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """Which of a national rule's local options an overlay chooses; `line` is where its file says so."""

    rule: Code
    limit: Limit
    line: int = field(default=1, compare=False)


@dataclass(frozen=True, slots=True)
class Priority:
    """What a local plan gives priority to, and the learning response that it plans for it."""

    code: Code
    title: Label
    response: Code


@dataclass(frozen=True, slots=True)
class Edition:
    """A dated set of rules; `digest` is of the file's own bytes, so that a reference says exactly which text ruled.

    `replaces` names the edition whose errors this one corrects: cases that began under that one keep it.
    """

    name: Code
    title: Label
    family: Family
    in_force_from: date
    in_force_until: date | None
    organisation: OdsCode | None
    digest: Digest
    rules: tuple[Rule, ...]
    priorities: tuple[Priority, ...]
    replaces: Code | None = None
    note: Label | None = None
    criteria: tuple[Criterion, ...] = ()
    terms: tuple[Term, ...] = ()
    choices: tuple[Choice, ...] = ()
    line_in_force: int = field(default=1, compare=False, repr=False)

    @property
    def reference(self) -> Code:
        """How events name this edition: its name and the beginning of its digest."""
        return Code(f"{self.name}@{self.digest[:_DIGEST_CHARACTERS]}")

    def is_in_force(self, day: date) -> bool:
        """Whether the edition is in force on this day, both its first and its last day included."""
        return self.in_force_from <= day and (self.in_force_until is None or day <= self.in_force_until)


def standing(force: Force, *, verified: bool) -> Label:
    """The force of a rule in words that never claim more than was checked."""
    words = force.value.replace("-", " ")
    return Label(words if verified else f"{words}, text not yet checked")
