"""Which duties would follow if people decided as the assessment says: the second half of a dry run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.kernel.done import Done
from domain.kernel.words import Code, PersonId
from domain.policy.assessing.circumstances import circumstances_of
from domain.policy.assessing.knowing import Known
from domain.policy.duties import DutyTerms, duties_owed
from domain.policy.library import Policy
from domain.policy.questions import Outcome, Question
from domain.policy.starting import started_by


@dataclass(frozen=True, slots=True)
class Supposed:
    """An answer as it would be decided: by these criteria, and identified then."""

    outcome: Outcome
    criteria: tuple[Code, ...]
    identified_at: datetime

    def starts(self, question: Question) -> tuple[Done, ...]:
        """What such a decision starts."""
        return started_by(question, self.outcome, self.criteria, identified_at=self.identified_at)


def duties_supposed(
    policy: Policy,
    references: Sequence[Code],
    known: Known,
    *,
    answers: Mapping[Question, Supposed],
    dones: Sequence[Done],
    persons: Sequence[PersonId] = (),
) -> list[DutyTerms]:
    """Every duty that would be owed under these editions; `dones` is what happened besides the decisions.

    Raises:
        EditionUnknownError: an edition is not known.
    """
    commissioned = "learning_response.commissioned:"
    methods = [Code(done.code.removeprefix(commissioned)) for done in dones if done.code.startswith(commissioned)]
    decided = {question: (supposed.outcome, supposed.criteria) for question, supposed in answers.items()}
    starts = [start for question, supposed in answers.items() for start in supposed.starts(question)]
    return duties_owed(
        policy,
        references,
        circumstances=circumstances_of(known, answers=decided, methods=methods),
        starts=(*dones, *starts),
        persons=persons,
    )
