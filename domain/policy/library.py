"""The editions and the calendar that decisions are taken with, and which of them govern a case."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import combinations
from typing import Final

from domain.kernel.words import Code
from domain.kernel.working_days import Calendar
from domain.policy.edition import Edition, Family
from domain.policy.parsing.fields import EditionMalformedError

PSIRF: Final = Code("psirf-2022")
"""The regime of every provider that has adopted PSIRF."""

SERIOUS_INCIDENT_FRAMEWORK: Final = Code("sif-2015")
"""The regime of an incident identified before its provider adopted PSIRF."""


class EditionUnknownError(LookupError):
    """No edition is known by this reference: a ledger names one that this build does not carry, or a plan is not ours."""


@dataclass(frozen=True)
class Policy:
    """Every edition that this build carries, and the calendar of working days.

    Raises:
        EditionMalformedError: two editions that nothing keeps apart are in force on the same day, one replaces what is
            not there, or one chooses what no rule leaves open.
    """

    editions: tuple[Edition, ...]
    calendar: Calendar
    _by_reference: Mapping[Code, Edition] = field(init=False, repr=False, compare=False)
    _by_name: Mapping[Code, Edition] = field(init=False, repr=False, compare=False)
    _replaced: frozenset[Code] = field(init=False, repr=False, compare=False)
    _current: tuple[Edition, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_reference", {edition.reference: edition for edition in self.editions})
        object.__setattr__(self, "_by_name", {edition.name: edition for edition in self.editions})
        object.__setattr__(self, "_replaced", frozenset(each.replaces for each in self.editions if each.replaces))
        standing = tuple(edition for edition in self.editions if edition.name not in self._replaced)
        object.__setattr__(self, "_current", standing)
        for edition in self.editions:
            self._check_replaced(edition)
            self._check_choices(edition)
        for one, other in combinations(self.current(), 2):
            _check_apart(one, other)

    def edition(self, reference: Code) -> Edition:
        """The edition of exactly this name and text.

        Raises:
            EditionUnknownError: there is none.
        """
        if reference not in self._by_reference:
            raise EditionUnknownError(reference)
        return self._by_reference[reference]

    def named(self, name: Code) -> Edition:
        """The edition of this name (or reference), whether or not another has replaced it.

        Raises:
            EditionUnknownError: there is none.
        """
        found = self._by_reference.get(name) or self._by_name.get(name)
        if found is None:
            raise EditionUnknownError(name)
        return found

    def overlay(self, name: Code) -> Edition:
        """The local plan or commissioner's limits of this name (or reference).

        Raises:
            EditionUnknownError: there is none, or the name is that of a national edition.
        """
        found = self.named(name)
        if not found.family.is_overlay:
            raise EditionUnknownError(name)
        return found

    def current(self) -> tuple[Edition, ...]:
        """Every edition that no other has replaced: those that a case beginning now can be governed by."""
        return self._current

    def is_replaced(self, edition: Edition) -> bool:
        """Whether another edition of this build replaces it."""
        return edition.name in self._replaced

    def first_name(self, edition: Edition) -> Code:
        """The name of the first edition of its line: what a regime is called, however often its text was corrected."""
        while edition.replaces is not None:
            edition = self._by_name[edition.replaces]
        return edition.name

    def regime_of(self, references: Sequence[Code]) -> Code:
        """Which regime a case's editions put it under.

        Raises:
            EditionUnknownError: none of them is a regime.
        """
        for reference in references:
            edition = self.edition(reference)
            if edition.family is Family.REGIME:
                return self.first_name(edition)
        raise EditionUnknownError("no regime among the editions of the case")

    def editions_for(
        self, *, identified_on: date, psirf_adopted_on: date | None, overlays: Sequence[Code] = ()
    ) -> tuple[Code, ...]:
        """References of the editions that govern an incident for good, in the order of their families.

        A provider without a day of adoption has always been under PSIRF; an incident identified before that day stays
        under the Serious Incident Framework. Of every other national family it is the edition in force on the day, and
        of `overlays`, given in the order of their adoption, the last of each family.

        Raises:
            EditionUnknownError: an overlay is not known.
        """
        before = psirf_adopted_on is not None and identified_on < psirf_adopted_on
        regime = self._newest(SERIOUS_INCIDENT_FRAMEWORK if before else PSIRF)
        governing = {Family.REGIME: regime} | {
            edition.family: edition
            for edition in self.current()
            if edition.family is not Family.REGIME
            and not edition.family.is_overlay
            and edition.is_in_force(identified_on)
        }
        governing |= {each.family: each for each in map(self.overlay, overlays)}
        return tuple(governing[family].reference for family in Family if family in governing)

    def _newest(self, first: Code) -> Edition:
        for edition in self.current():
            if edition.family is Family.REGIME and self.first_name(edition) == first:
                return edition
        raise EditionUnknownError(first)

    def _check_choices(self, edition: Edition) -> None:
        for choice in edition.choices:
            rules = [rule for other in self.editions for rule in other.rules if rule.id == choice.rule]
            if not any(choice.limit in rule.options for rule in rules):
                reason = (
                    f"no edition leaves {choice.limit.length} {choice.limit.unit} open as an option of {choice.rule}"
                )
                raise EditionMalformedError(edition.name, choice.line, reason=reason)

    def _check_replaced(self, edition: Edition) -> None:
        seen = {edition.name}
        while edition.replaces is not None:
            earlier = self._by_name.get(edition.replaces)
            if earlier is None or earlier.family is not edition.family:
                reason = f"it replaces {edition.replaces}, which is no edition of this family"
                raise EditionMalformedError(edition.name, edition.line_in_force, reason=reason)
            if earlier.name in seen:
                reason = f"it replaces {earlier.name}, which replaces it"
                raise EditionMalformedError(edition.name, edition.line_in_force, reason=reason)
            seen.add(earlier.name)
            edition = earlier


def _check_apart(one: Edition, other: Edition) -> None:
    """Regimes are kept apart by adoption, overlays by whose they are; nothing but their days keeps the others apart."""
    if one.family is not other.family or one.family is Family.REGIME or one.family.is_overlay:
        return
    if other.is_in_force(one.in_force_from) or one.is_in_force(other.in_force_from):
        later = max(one, other, key=lambda each: each.in_force_from)
        earlier = other if later is one else one
        reason = f"overlapping validity: {earlier.name} of the same family is in force on {later.in_force_from} too"
        raise EditionMalformedError(later.name, later.line_in_force, reason=reason)
