"""Drawing a random sample."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from domain.audit_sample.commands.draw_sample import (
    CommittedTooLate,
    DrawnTooEarly,
    DrawSample,
    Log,
    SeedDiffers,
    can_be_drawn,
    draw_sample,
)
from domain.audit_sample.drawing import Population, digest_of, draw
from domain.audit_sample.events import SampleDrawn
from domain.kernel.words import Seed
from tests.domain.audit_sample.facts import (
    BEACON,
    COMMITTED_POSITION,
    FIXED_AT,
    SEED,
    STATES,
    committed,
    drawn,
    population,
)
from tests.domain.state_tables import NOTHING, check, over_every_state
from tests.support.decisions import Outcome, a_stamp, given

AFTER = FIXED_AT + timedelta(microseconds=1)
OTHER = Seed("another seed")


def drawing(
    *history: Any, seed: Seed = SEED, final_before: datetime = AFTER, found: Population | None = None
) -> Outcome:
    log = Log(final_before=final_before, committed_at=COMMITTED_POSITION, population=found or population())
    return given(*history).when(draw_sample, DrawSample(seed=seed), a_stamp(days=8), log=log)


@over_every_state(STATES, {"committed": SampleDrawn, "drawn": NOTHING})
def test_drawing_in_every_state(history: tuple[Any, ...], expected: type[Any] | None) -> None:
    check(drawing(*history), expected)


@over_every_state(STATES, {"committed": SeedDiffers, "drawn": SeedDiffers})
def test_drawing_with_another_seed_in_every_state(history: tuple[Any, ...], expected: type[Any] | None) -> None:
    check(drawing(*history, seed=OTHER), expected)


def test_the_seed_the_population_and_the_sample_are_recorded() -> None:
    found = population(20)

    drawing(committed(size=3), found=found).then(
        SampleDrawn,
        seed=SEED,
        position=60,
        beacon=BEACON,
        population=20,
        population_digest=digest_of(found.members),
        drawn=tuple(draw(SEED, found, 3)),
        timestamp=a_stamp(days=8).at,
    )


def test_a_population_without_a_decision_gives_an_empty_sample() -> None:
    """That there was none is an answer, and stands on record."""
    drawing(committed(), found=population(0)).then(SampleDrawn, population=0, drawn=())


@pytest.mark.parametrize("early", [timedelta(0), timedelta(seconds=-1), timedelta(days=-6)])
def test_a_draw_before_nothing_more_can_join_the_population_is_refused(early: timedelta) -> None:
    """At the very instant, too: another event may still be recorded at it."""
    drawing(committed(), final_before=FIXED_AT + early).then_refused(DrawnTooEarly, "2026-03-09 12:00:00")


def test_an_early_draw_does_not_tell_whether_the_seed_is_right() -> None:
    drawing(committed(), seed=OTHER, final_before=FIXED_AT).then_refused(DrawnTooEarly)


@pytest.mark.parametrize("seed", [OTHER, Seed(SEED + " "), Seed(SEED.upper()), Seed("")])
def test_a_seed_with_another_hash_is_refused(seed: Seed) -> None:
    refused = drawing(committed(), seed=seed).then_refused(SeedDiffers)

    assert refused.refusal is not None
    assert refused.refusal.pointers == ("/seed",)


def test_a_commitment_that_came_into_the_log_after_its_population_was_fixed_draws_nothing() -> None:
    """It was decided in time, and recorded too late: what it was to be drawn from could be known by then."""
    before, at = population(position=COMMITTED_POSITION - 1), population(position=COMMITTED_POSITION)

    drawing(committed(), found=before).then_refused(CommittedTooLate)
    drawing(committed(), found=at).then(SampleDrawn)


@pytest.mark.parametrize(
    ("history", "seed", "final_before", "can"),
    [
        ((committed(),), SEED, AFTER, True),
        ((committed(),), SEED, FIXED_AT, False),
        ((committed(),), OTHER, AFTER, False),
        ((committed(), drawn()), SEED, AFTER, False),
    ],
)
def test_a_population_is_only_looked_up_where_the_sample_can_be_drawn(
    history: tuple[Any, ...], seed: Seed, final_before: datetime, *, can: bool
) -> None:
    sample = given(*history).aggregate()

    assert can_be_drawn(sample, DrawSample(seed=seed), final_before=final_before) is can
