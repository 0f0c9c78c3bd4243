"""The editions and the calendar that decisions are taken with, and which of them govern a case."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from domain.kernel.words import Code
from domain.kernel.working_days import Calendar
from domain.policy.edition import Edition, Family

PSIRF: Final = Code("psirf-2022")
"""The regime of every provider that has adopted PSIRF."""

SERIOUS_INCIDENT_FRAMEWORK: Final = Code("sif-2015")
"""The regime of an incident identified before its provider adopted PSIRF."""


class EditionUnknownError(LookupError):
    """No edition is known by this reference: a ledger names one that this build does not carry, or a plan is not ours."""


@dataclass(frozen=True)
class Policy:
    """Every edition that this build carries, and the calendar of working days."""

    editions: tuple[Edition, ...]
    calendar: Calendar
    _by_reference: Mapping[Code, Edition] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_reference", {edition.reference: edition for edition in self.editions})

    def edition(self, reference: Code) -> Edition:
        """The edition of exactly this name and text.

        Raises:
            EditionUnknownError: there is none.
        """
        if reference not in self._by_reference:
            raise EditionUnknownError(reference)
        return self._by_reference[reference]

    def plan(self, name: Code) -> Edition:
        """The local plan of this name (or reference).

        Raises:
            EditionUnknownError: there is none, or the name is not that of a local plan.
        """
        for edition in self.editions:
            if edition.family is Family.LOCAL_PLAN and name in (edition.name, edition.reference):
                return edition
        raise EditionUnknownError(name)

    def editions_for(
        self, *, identified_on: date, psirf_adopted_on: date | None, plan: Code | None
    ) -> tuple[Code, ...]:
        """References of the editions that govern an incident for good: its regime, candour, and the local plan if any.

        A provider without a day of adoption has always been under PSIRF; an incident identified before that day stays
        under the Serious Incident Framework.

        Raises:
            EditionUnknownError: the plan is not known.
        """
        before = psirf_adopted_on is not None and identified_on < psirf_adopted_on
        regime = self._named(SERIOUS_INCIDENT_FRAMEWORK if before else PSIRF)
        candour = [
            edition
            for edition in self.editions
            if edition.family is Family.CANDOUR and edition.is_in_force(identified_on)
        ]
        plans = [self.plan(plan)] if plan is not None else []
        return tuple(edition.reference for edition in (regime, *candour, *plans))

    def _named(self, name: Code) -> Edition:
        for edition in self.editions:
            if edition.name == name:
                return edition
        raise EditionUnknownError(name)


def regime_of(references: Sequence[Code]) -> Code:
    """Which regime a case's editions put it under.

    Raises:
        EditionUnknownError: none of them is a regime.
    """
    for reference in references:
        name = Code(reference.partition("@")[0])
        if name in (PSIRF, SERIOUS_INCIDENT_FRAMEWORK):
            return name
    raise EditionUnknownError("no regime among the editions of the case")
