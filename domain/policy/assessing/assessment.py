"""Assessing thresholds: for each question met, not met or unclear, which fact decided, and what is missing. It advises.

Pure: the same facts under the same editions give the same answer everywhere and for ever. Criteria of one question are
alternatives; a criterion is met where all its words hold and none of its exceptions does. A word whose fact nobody knows
is neither, and leaves the criterion open unless another word settles it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from domain.kernel.words import Code
from domain.policy.assessing.asking import criteria_asked, facts_asked, questions_reached
from domain.policy.assessing.knowing import Known
from domain.policy.conditions import FactCondition, fact_condition, is_about_patient, is_so, question_condition
from domain.policy.edition import Criterion, Edition
from domain.policy.facts import FactKey
from domain.policy.library import Policy
from domain.policy.questions import Outcome, Question

DECISIVE_FIRST: Final = (Outcome.MET, Outcome.UNCLEAR, Outcome.NOT_MET)
"""Of alternatives, the first of these that one of them has is the outcome of all."""


@dataclass(frozen=True, slots=True)
class CriterionAssessed:
    """How one criterion came out, and why.

    `decided_by` are the facts that settled it (all of them where it is met, the first that speaks against it where it is
    not), `missing` those that leave it open, `presumed` those that nobody said. `patient` is for whom it is met.
    """

    criterion: Criterion
    edition: Code
    outcome: Outcome
    patient: int | None = None
    decided_by: tuple[FactKey, ...] = ()
    missing: tuple[FactKey, ...] = ()
    presumed: tuple[FactKey, ...] = ()
    suspended: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """The assessment of one question. `responses` are those proposed by the criteria that are met."""

    question: Question
    outcome: Outcome
    criteria: tuple[CriterionAssessed, ...]

    @property
    def met(self) -> tuple[Code, ...]:
        """The ids of the criteria that are met, each once."""
        met = [each.criterion.id for each in self.criteria if each.outcome is Outcome.MET]
        return tuple(dict.fromkeys(met))

    @property
    def responses(self) -> tuple[Code, ...]:
        """The learning responses and referrals that are proposed, each once."""
        proposed = [each.criterion.response for each in self.criteria if each.outcome is Outcome.MET]
        return tuple(dict.fromkeys(response for response in proposed if response is not None))

    @property
    def missing(self) -> tuple[FactKey, ...]:
        """What would have to be known to settle the question; nothing where it is settled."""
        if self.outcome is not Outcome.UNCLEAR:
            return ()
        return tuple(dict.fromkeys(key for each in self.criteria for key in each.missing))

    @property
    def presumed(self) -> tuple[FactKey, ...]:
        """What nobody said and the answer rests on."""
        deciding = [each for each in self.criteria if each.outcome is self.outcome]
        return tuple(dict.fromkeys(key for each in deciding for key in each.presumed))


def assess(policy: Policy, references: Sequence[Code], known: Known) -> dict[Question, Answer]:
    """The answer to every question that these editions ask, in the order of the questions.

    Raises:
        EditionUnknownError: an edition is not known.
    """
    answers = {question: assess_question(policy, references, known, question) for question in Question}
    return {question: answer for question, answer in answers.items() if answer is not None}


def assess_question(policy: Policy, references: Sequence[Code], known: Known, question: Question) -> Answer | None:
    """The answer to one question; None where none of these editions asks it of such a day.

    It is made from the facts that the question looks at and from no other, so that these alone give it again.

    Raises:
        EditionUnknownError: an edition is not known.
    """
    return Assessor(policy, references, question).answer(known)


class Assessor:
    """Answers one question from any facts; what the editions say of it is looked up once.

    Raises:
        EditionUnknownError: an edition is not known.
    """

    def __init__(self, policy: Policy, references: Sequence[Code], question: Question) -> None:
        self.question = question
        self.facts_asked = facts_asked(policy, references, question)
        reached = questions_reached(policy, references, question)
        self._criteria = {each: criteria_asked(policy, references, each) for each in reached}

    def answer(self, known: Known) -> Answer | None:
        """The answer; None where none of the editions asks the question of such a day."""
        facts = {key: value for key, value in known.facts.items() if key[0] in self.facts_asked}
        return _Assessment(self._criteria, replace(known, facts=facts)).answer(self.question)


@dataclass(frozen=True, slots=True)
class _Verdict:
    """Whether words hold (None: nobody knows), and by which facts."""

    holds: bool | None
    said: tuple[FactKey, ...] = ()
    missing: tuple[FactKey, ...] = ()
    presumed: tuple[FactKey, ...] = ()

    def turned(self) -> "_Verdict":
        """The same of the opposite."""
        return self if self.holds is None else replace(self, holds=not self.holds)


class _Assessment:
    """One assessment: each question is answered once, however many criteria of others ask for it."""

    def __init__(self, criteria: Mapping[Question, Sequence[tuple[Criterion, Edition]]], known: Known) -> None:
        self._criteria = criteria
        self._known = known
        self._words = known.words()
        self._answers: dict[Question, Answer | None] = {}

    def answer(self, question: Question) -> Answer | None:
        if question not in self._answers:
            # A question that comes back to itself through others adds nothing to its own answer.
            self._answers[question] = None
            self._answers[question] = self._answer(question)
        return self._answers[question]

    def _answer(self, question: Question) -> Answer | None:
        asked = [each for each in self._criteria[question] if each[0].counts_on(self._known.day)]
        if not asked:
            return None
        criteria = tuple(self._criterion(criterion, edition) for criterion, edition in asked)
        outcomes = {each.outcome for each in criteria}
        return Answer(question, next(outcome for outcome in DECISIVE_FIRST if outcome in outcomes), criteria)

    def _criterion(self, criterion: Criterion, edition: Edition) -> CriterionAssessed:
        if criterion.is_suspended_on(self._known.day):
            return CriterionAssessed(criterion, edition.reference, Outcome.NOT_MET, suspended=True)
        patients: tuple[int | None, ...] = (None,)
        if any(is_about_patient(word) for word in (*criterion.when, *criterion.unless)):
            patients = self._known.patients_to_ask()
        verdicts = [(self._verdict(criterion, patient), patient) for patient in patients]
        for verdict, patient in verdicts:
            if verdict.holds:
                return _assessed(criterion, edition, Outcome.MET, [verdict], patient=patient)
        open_ones = [verdict for verdict, _ in verdicts if verdict.holds is None]
        if open_ones:
            return _assessed(criterion, edition, Outcome.UNCLEAR, open_ones)
        return _assessed(criterion, edition, Outcome.NOT_MET, [verdict for verdict, _ in verdicts])

    def _verdict(self, criterion: Criterion, patient: int | None) -> _Verdict:
        verdicts = [self._word(word, patient) for word in criterion.when]
        verdicts.extend(self._word(word, patient).turned() for word in criterion.unless)
        against = [verdict for verdict in verdicts if verdict.holds is False]
        if against:
            # What somebody said speaks louder than what was presumed.
            return min(against, key=lambda verdict: bool(verdict.presumed))
        undecided = [verdict for verdict in verdicts if verdict.holds is None]
        return _joined(None if undecided else True, undecided or verdicts, presumed_by=verdicts)

    def _word(self, word: Code, patient: int | None) -> _Verdict:
        condition = fact_condition(word)
        if condition is not None:
            return self._fact(condition, patient)
        asked = question_condition(word)
        if asked is None:
            return _Verdict(word in self._words)
        question, outcome = asked
        answer = self.answer(question)
        if answer is None:
            return _Verdict(holds=False)
        if outcome is Outcome.MET and answer.outcome is Outcome.UNCLEAR:
            return _Verdict(None, missing=answer.missing)
        said = tuple(key for each in answer.criteria if each.outcome is answer.outcome for key in each.decided_by)
        return _Verdict(answer.outcome is outcome, said=tuple(dict.fromkeys(said)), presumed=answer.presumed)

    def _fact(self, condition: FactCondition, patient: int | None) -> _Verdict:
        about = patient if condition.about_patient else None
        keys = tuple((name, about) for name in condition.facts)
        values = [self._known.value(name, about) for name in condition.facts]
        known = [value.value for value in values if value.value is not None]
        if len(known) < len(values):
            return _Verdict(None, missing=keys)
        presumed = tuple(key for key, value in zip(keys, values, strict=True) if value.presumed)
        said = tuple(
            (value.by or name, about) for (name, _), value in zip(keys, values, strict=True) if not value.presumed
        )
        return _Verdict(is_so(condition, known), said=said, presumed=presumed)


def _joined(holds: bool | None, verdicts: Iterable[_Verdict], *, presumed_by: Iterable[_Verdict]) -> _Verdict:
    given = list(verdicts)
    return _Verdict(
        holds,
        said=tuple(dict.fromkeys(key for verdict in given for key in verdict.said)),
        missing=tuple(dict.fromkeys(key for verdict in given for key in verdict.missing)),
        presumed=tuple(dict.fromkeys(key for verdict in presumed_by for key in verdict.presumed)),
    )


def _assessed(
    criterion: Criterion,
    edition: Edition,
    outcome: Outcome,
    verdicts: Sequence[_Verdict],
    *,
    patient: int | None = None,
) -> CriterionAssessed:
    joined = _joined(None, verdicts, presumed_by=verdicts)
    return CriterionAssessed(
        criterion,
        edition.reference,
        outcome,
        patient=patient,
        decided_by=joined.said,
        missing=joined.missing if outcome is Outcome.UNCLEAR else (),
        presumed=joined.presumed,
    )
