"""Bodies of the commands on random samples."""

from typing import Annotated

from pydantic import Field, StringConstraints

from domain.audit_sample.commands.commit_sample import SIZE_MOST, CommitSample
from domain.audit_sample.commands.draw_sample import DrawSample
from domain.kernel.words import Digest, OdsCode, SampleId, Seed
from domain.policy.questions import Outcome, Question
from service.api.commands.body import CommandBody
from service.api.fields import Instant, Ods
from service.handling.pen import Pen

Sha256 = Annotated[str, StringConstraints(pattern="^[0-9a-f]{64}$")]
SecretSeed = Annotated[str, StringConstraints(min_length=1, max_length=1_000)]


class SampleCommitment(CommandBody):
    """A random sample that nobody can know yet: which decisions, how many, as they stand when, and the seed's SHA-256."""

    question: Question = Field(strict=False)
    outcome: Outcome = Field(default=Outcome.NOT_MET, strict=False)
    providers: list[Ods] | None = Field(
        default=None, min_length=1, max_length=500, description="Default: your own organisation."
    )
    size: int = Field(ge=1, le=SIZE_MOST)
    population_until: Instant = Field(
        description="Still ahead: the decisions that stand then are what the sample is drawn from."
    )
    seed_hash: Sha256 = Field(description="SHA-256 of the seed in UTF-8; keep the seed secret until the draw.")

    def command(self, pen: Pen) -> CommitSample:
        """Commit to the sample under a new id."""
        named = self.providers
        return CommitSample(
            sample=SampleId(pen.stream),
            providers=None if named is None else tuple(OdsCode(provider) for provider in named),
            question=self.question,
            outcome=self.outcome,
            size=self.size,
            population_until=self.population_until,
            seed_hash=Digest(self.seed_hash),
        )


class SampleDraw(CommandBody):
    """The seed that was committed to: it is made public, and picks the sample."""

    seed: SecretSeed

    def command(self, pen: Pen) -> DrawSample:
        """Draw the sample."""
        return DrawSample(seed=Seed(self.seed))
