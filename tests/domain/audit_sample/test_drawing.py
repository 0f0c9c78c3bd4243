"""How a sample is drawn: the same for everybody, by nothing but SHA-256."""

import hashlib
from random import Random
from uuid import UUID

from hypothesis import given as for_all
from hypothesis import strategies as st

from domain.audit_sample.drawing import Population, PopulationMember, digest_of, draw, hash_of, in_order, lot_of
from domain.kernel.words import DecisionId, IncidentId, OdsCode, Seed
from tests.domain.audit_sample.facts import BEACON, SEED, member, population

members = st.lists(st.uuids(), unique=True, max_size=40).map(
    lambda ids: [PopulationMember(DecisionId(each), IncidentId(each), OdsCode("ZZ1")) for each in ids]
)
seeds = st.text(st.characters(codec="utf-8"), min_size=1, max_size=60).map(Seed)


def test_a_lot_is_the_sha_256_of_seed_beacon_and_decision_in_text() -> None:
    beacon = UUID("01a00000-0000-7000-8000-000000000000")
    decision = DecisionId(UUID("01A00000-0000-7000-8000-00000000000B"))

    lot = lot_of(Seed("s"), beacon, decision)

    written = b"s01a00000-0000-7000-8000-00000000000001a00000-0000-7000-8000-00000000000b"
    assert lot == hashlib.sha256(written).hexdigest()


def test_the_seed_is_hashed_in_utf_8() -> None:
    assert hash_of(Seed("né")) == hashlib.sha256(b"n\xc3\xa9").hexdigest()


def test_the_digest_of_a_population_is_that_of_its_ids_each_on_a_line() -> None:
    written = f"{member(1).decision}\n{member(2).decision}\n".encode()

    assert digest_of([member(2), member(1)]) == hashlib.sha256(written).hexdigest()
    assert digest_of([]) == hashlib.sha256(b"").hexdigest()


@for_all(members, seeds, st.integers(1, 50), st.randoms())
def test_the_order_in_which_a_population_is_found_makes_no_difference(
    found: list[PopulationMember], seed: Seed, size: int, random: Random
) -> None:
    shuffled = list(found)
    random.shuffle(shuffled)

    drawn = draw(seed, Population(9, BEACON, tuple(found)), size)

    assert drawn == draw(seed, Population(9, BEACON, tuple(shuffled)), size)
    assert in_order(found) == in_order(shuffled)
    assert digest_of(found) == digest_of(shuffled)


@for_all(members, seeds, st.integers(1, 50))
def test_a_sample_has_its_size_or_is_the_whole_population(found: list[PopulationMember], seed: Seed, size: int) -> None:
    drawn = draw(seed, Population(9, BEACON, in_order(found)), size)

    assert len(drawn) == len(set(drawn)) == min(size, len(found))
    assert set(drawn) <= set(found)


@for_all(members, seeds, st.integers(1, 50))
def test_nobody_outside_the_sample_has_a_smaller_lot(found: list[PopulationMember], seed: Seed, size: int) -> None:
    drawn = draw(seed, Population(9, BEACON, in_order(found)), size)

    lots = [lot_of(seed, BEACON, each.decision) for each in drawn]
    assert lots == sorted(lots)
    left = [lot_of(seed, BEACON, each.decision) for each in found if each not in drawn]
    assert not left or max(lots) < min(left)


def test_another_seed_or_another_beacon_draws_another_sample() -> None:
    """With twenty decisions and three drawn, two draws are the same once in a thousand: these are not."""
    whole = population(20)
    other = Population(whole.position, UUID(int=1), whole.members)

    assert draw(SEED, whole, 3) != draw(Seed("another"), whole, 3)
    assert draw(SEED, whole, 3) != draw(SEED, other, 3)


def test_every_decision_is_drawn_about_as_often_as_any_other() -> None:
    """Over 2,000 fixed seeds, each of 20 decisions is expected in 300 samples of 3; the spread is about 16."""
    whole = population(20)
    counts = dict.fromkeys(whole.members, 0)
    for number in range(2_000):
        for each in draw(Seed(f"seed {number}"), whole, 3):
            counts[each] += 1

    assert sum(counts.values()) == 6_000
    assert min(counts.values()) > 300 - 5 * 16
    assert max(counts.values()) < 300 + 5 * 16
