"""The plain words that hold of a case, as the rules of an edition ask for them."""

from collections.abc import Iterable, Mapping

from domain.kernel.words import Code
from domain.policy.assessing.knowing import Known
from domain.policy.conditions import words_said
from domain.policy.duties import Circumstances
from domain.policy.questions import Outcome, Question


def circumstances_of(
    known: Known, *, answers: Mapping[Question, tuple[Outcome, tuple[Code, ...]]], methods: Iterable[Code]
) -> Circumstances:
    """The words once for each patient of whom anything is known, and once for none.

    `answers` are the decisions with the criteria that each names, which count where something is met; `methods` those of
    the learning responses that were commissioned.
    """
    words = set(known.words())
    for question, (outcome, criteria) in answers.items():
        words.add(Code(f"{question}:{outcome}"))
        if outcome is Outcome.MET:
            words.update(Code(f"criterion:{criterion}") for criterion in criteria)
    words.update(Code(f"response:{method}") for method in methods)
    whole = frozenset(words)
    patients = sorted({patient for _, patient in known.facts if patient is not None})
    return tuple(whole | words_said(known.facts, patient) for patient in (None, *patients))
