"""Which other editions a case is looked at under: some put in place of its own or beside them, some taken away."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from domain.kernel.words import Code
from domain.policy.edition import Edition, Family
from domain.policy.library import EditionUnknownError, Policy

_ORDER: Final = tuple(Family)
_FAMILIES: Final = {family.value: family for family in Family}


@dataclass(frozen=True, slots=True)
class Change:
    """What is different: `put` in place of the edition of the same family (or beside the others), `without` the rest.

    `put` are references, at most one of a family; `without` holds families, and references of single editions.
    """

    put: tuple[Code, ...] = ()
    without: frozenset[str] = frozenset()


class ChangeImpossibleError(ValueError):
    """The editions asked for cannot be what a case is governed by; `pointer` says which word, `code` and message why."""

    def __init__(self, pointer: str, code: str, reason: str) -> None:
        super().__init__(reason)
        self.pointer = pointer
        self.code = code


def read_change(policy: Policy, editions: Sequence[Code], without: Sequence[Code]) -> Change:
    """The change that these names (or references) of editions and of families ask for.

    Raises:
        ChangeImpossibleError: a word is unknown, two editions are of one family, nothing is asked, or no regime is left.
    """
    put: dict[Family, Edition] = {}
    for index, name in enumerate(editions):
        edition = _named(policy, name, f"/editions/{index}")
        if edition.family in put:
            reason = "A case has at most one edition of a family, and another of this one is named before."
            raise ChangeImpossibleError(f"/editions/{index}", "family-repeated", reason)
        put[edition.family] = edition
    taken: set[str] = set()
    for index, word in enumerate(without):
        pointer = f"/without/{index}"
        family = _FAMILIES.get(word) or _named(policy, word, pointer).family
        if family is Family.REGIME and Family.REGIME not in put:
            reason = "A case is always under a regime: name the one that stands in its place."
            raise ChangeImpossibleError(pointer, "regime-missing", reason)
        taken.add(word if word in _FAMILIES else policy.named(word).reference)
    if not put and not taken:
        raise ChangeImpossibleError(
            "/editions", "nothing-asked", "Name an edition to put in place, or one to do without."
        )
    return Change(tuple(edition.reference for edition in put.values()), frozenset(taken))


def _named(policy: Policy, name: Code, pointer: str) -> Edition:
    try:
        return policy.named(name)
    except EditionUnknownError:
        reason = "There is no edition of this name; GET /v1/policy/editions lists them."
        raise ChangeImpossibleError(pointer, "edition-unknown", reason) from None


def other_editions(own: Sequence[Code], change: Change, policy: Policy) -> tuple[Code, ...]:
    """The references that govern a case after the change, in the order of their families.

    Raises:
        EditionUnknownError: this build does not carry an edition of the case.
    """
    put = {edition.family: edition for edition in map(policy.edition, change.put)}
    kept = {
        edition.family: edition
        for edition in map(policy.edition, own)
        if change.without.isdisjoint((edition.family.value, edition.reference))
    }
    governing = kept | put
    return tuple(governing[family].reference for family in _ORDER if family in governing)


def regime_word(own: Sequence[Code], other: Sequence[Code], *, regime: Code, policy: Policy) -> Code:
    """What the regime of a case is called under other editions: as the case says where its regime is the same.

    Raises:
        EditionUnknownError: none of the others is a regime.
    """
    if _regimes(own, policy) == _regimes(other, policy):
        return regime
    return policy.regime_of(other)


def _regimes(references: Sequence[Code], policy: Policy) -> set[Code]:
    return {reference for reference in references if policy.edition(reference).family is Family.REGIME}
