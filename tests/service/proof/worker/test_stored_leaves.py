"""The hash of a leaf is written out in one go where many are made; it is the hash of the canonical bytes all the same."""

from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from service.proof.leaf import Leaf, Request
from service.store.proofs.leaves import hash_of

INSTANTS = st.datetimes(
    min_value=datetime.fromisoformat("0001-01-02T00:00:00"),
    max_value=datetime.fromisoformat("9999-12-30T00:00:00"),
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=5))]),
)
WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"))
NUMBERS = st.integers(0, 2**53 - 1)
HASHES = st.binary(min_size=32, max_size=32)
REQUESTS = st.builds(
    Request,
    key=st.binary(),
    body=st.binary(),
    stream=st.uuids(),
    stream_version=NUMBERS,
    first_position=NUMBERS,
    last_position=NUMBERS,
    recorded_at=INSTANTS,
)
LEAVES = st.builds(
    Leaf,
    log=WORDS,
    position=NUMBERS,
    id=st.uuids(),
    stream=st.uuids(),
    stream_version=NUMBERS,
    kind=WORDS,
    stream_organisation=WORDS,
    cases=st.lists(st.uuids()).map(tuple[UUID, ...]),
    type=WORDS,
    payload_sha256=HASHES,
    organisation=WORDS,
    actor=st.uuids(),
    correlation_id=st.none() | WORDS,
    causation_id=st.none() | st.uuids(),
    effective_at=INSTANTS,
    recorded_at=INSTANTS,
    editions=st.lists(WORDS).map(tuple[str, ...]),
    build=WORDS,
    request=REQUESTS,
    previous=st.none() | HASHES,
)


@given(leaf=LEAVES)
def test_the_quick_hash_is_the_hash_of_the_canonical_bytes(leaf: Leaf) -> None:
    assert hash_of(leaf) == leaf.hash
