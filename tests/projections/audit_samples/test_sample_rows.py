"""One row for each random sample: what was committed to, and all that draws it again."""

from dataclasses import replace

from domain.audit_sample.drawing import digest_of, draw
from projections.audit_samples.model import MODEL
from tests.domain.audit_sample.facts import BEACON, FIXED_AT, SAMPLE, SEED, SEED_HASH, committed, drawn, population
from tests.support.decisions import NOON, an_id
from tests.support.read_models.projections import Story, shown


def test_a_commitment_shows_the_hash_and_nothing_of_the_seed() -> None:
    story = Story()
    story.tell(committed(size=3), kind="audit_sample", cases=())

    [row] = shown(MODEL, story.events).rows.values()

    assert (row.organisation, row.id, row.status, row.stream_version) == ("ZZ1", SAMPLE, "committed", 1)
    assert (row.providers, row.question, row.outcome, row.size) == (("ZZ1",), "serious_incident", "not_met", 3)
    assert (row.population_until, row.seed_hash) == (FIXED_AT, SEED_HASH)
    assert row.committed_position == 1
    assert row.committed_at == story.events[0].recorded_at
    assert (row.seed, row.drawn_at, row.population_position, row.beacon) == (None, None, None, None)
    assert (row.population_size, row.population_digest, row.decision_ids, row.incident_ids) == (None, None, (), ())


def test_a_draw_shows_everything_that_makes_it_again() -> None:
    found = population(20)
    sample = tuple(draw(SEED, found, 3))
    story = Story()
    story.tell(committed(size=3), kind="audit_sample", cases=())
    fact = replace(drawn(), population_digest=digest_of(found.members), drawn=sample)
    story.tell(fact, kind="audit_sample", cases=())

    [row] = shown(MODEL, story.events).rows.values()

    assert (row.status, row.stream_version, row.seed, row.beacon) == ("drawn", 2, SEED, BEACON)
    assert (row.population_position, row.population_size) == (60, 20)
    assert row.population_digest == digest_of(found.members)
    assert row.decision_ids == tuple(each.decision for each in sample)
    assert row.incident_ids == tuple(each.incident for each in sample)
    assert row.drawn_at is not None
    assert row.drawn_at > NOON
    assert (row.committed_position, row.seed_hash) == (1, SEED_HASH)


def test_each_sample_has_a_row_of_its_own() -> None:
    story = Story()
    for number in (1, 2):
        other = replace(committed(), originator_id=an_id(number))
        story.tell(other, kind="audit_sample", cases=())

    assert len(shown(MODEL, story.events).rows) == 2
