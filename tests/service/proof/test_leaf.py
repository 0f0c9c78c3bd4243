"""The leaf: frozen bytes, in which every stored column of an event shows."""

import json
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta, timezone
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from service.proof.leaf import Leaf, Request, instant, origin_of, record_bytes, record_of

TEXTS: Final = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
DIGESTS: Final = st.binary(min_size=32, max_size=32)
NUMBERS: Final = st.integers(1, 2**53 - 1)
MOMENTS: Final = st.datetimes(timezones=st.just(UTC))

REQUEST: Final = Request(
    key=bytes(range(32)),
    body=bytes(range(32, 64)),
    stream=UUID("0198c0de-0000-7000-8000-000000000002"),
    stream_version=2,
    first_position=6,
    last_position=7,
    recorded_at=datetime(2026, 11, 25, 9, 29, 16, 1, tzinfo=UTC),
)
LEAF: Final = Leaf(
    log="incident-ledger/0198c0de-0000-7000-8000-000000000001",
    position=7,
    id=UUID("0198C0DE-0000-7000-8000-00000000000A"),
    stream=UUID("0198c0de-0000-7000-8000-000000000002"),
    stream_version=2,
    kind="incident",
    stream_organisation="RX1",
    cases=(UUID("0198c0de-0000-7000-8000-000000000002"), UUID("0198c0de-0000-7000-8000-000000000003")),
    type="incident.facts_added.v1",
    payload_sha256=sha256(b"{}").digest(),
    organisation="RX1",
    actor=UUID("0198c0de-0000-7000-8000-000000000004"),
    correlation_id="a trace",
    causation_id=UUID("0198c0de-0000-7000-8000-000000000005"),
    effective_at=datetime(2026, 11, 24, 23, 0, tzinfo=UTC),
    recorded_at=datetime(2026, 11, 25, 9, 29, 16, 1, tzinfo=UTC),
    editions=("psirf-2022@3", "bank-holidays@1"),
    build="0.1.0",
    request=REQUEST,
    previous=bytes(range(64, 96)),
)
"""Every field of it is set, and no two of one type are alike in all."""

FROZEN: Final = (
    '{"actor":"0198c0de-0000-7000-8000-000000000004","build":"0.1.0",'
    '"cases":["0198c0de-0000-7000-8000-000000000002","0198c0de-0000-7000-8000-000000000003"],'
    '"causation_id":"0198c0de-0000-7000-8000-000000000005","correlation_id":"a trace",'
    '"editions":["psirf-2022@3","bank-holidays@1"],"effective_at":"2026-11-24T23:00:00.000000Z",'
    '"format":"incident-ledger-leaf/1","id":"0198c0de-0000-7000-8000-00000000000a","kind":"incident",'
    '"log":"incident-ledger/0198c0de-0000-7000-8000-000000000001","organisation":"RX1",'
    '"payload_sha256":"44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a","position":7,'
    '"previous":"404142434445464748494a4b4c4d4e4f505152535455565758595a5b5c5d5e5f",'
    '"recorded_at":"2026-11-25T09:29:16.000001Z",'
    '"request":{"body":"202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f","first_position":6,'
    '"key":"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f","last_position":7,'
    '"recorded_at":"2026-11-25T09:29:16.000001Z","stream":"0198c0de-0000-7000-8000-000000000002","stream_version":2},'
    '"stream":"0198c0de-0000-7000-8000-000000000002","stream_organisation":"RX1","stream_version":2,'
    '"type":"incident.facts_added.v1"}'
)

VALUES: Final[dict[str, st.SearchStrategy[Any]]] = {
    "log": TEXTS,
    "position": NUMBERS,
    "id": st.uuids(),
    "stream": st.uuids(),
    "stream_version": NUMBERS,
    "kind": TEXTS,
    "stream_organisation": TEXTS,
    "cases": st.lists(st.uuids(), max_size=3).map(tuple),
    "type": TEXTS,
    "payload_sha256": DIGESTS,
    "organisation": TEXTS,
    "actor": st.uuids(),
    "correlation_id": st.none() | TEXTS,
    "causation_id": st.none() | st.uuids(),
    "effective_at": MOMENTS,
    "recorded_at": MOMENTS,
    "editions": st.lists(TEXTS, max_size=3).map(tuple),
    "build": TEXTS,
    "previous": st.none() | DIGESTS,
    "key": DIGESTS,
    "body": DIGESTS,
    "first_position": NUMBERS,
    "last_position": NUMBERS,
}
LEAF_FIELDS: Final = [field.name for field in fields(Leaf) if field.name != "request"]
REQUEST_FIELDS: Final = [field.name for field in fields(Request)]
REQUESTS: Final = st.builds(Request, **{name: VALUES[name] for name in REQUEST_FIELDS})
LEAVES: Final = st.builds(Leaf, request=REQUESTS, **{name: VALUES[name] for name in LEAF_FIELDS})


def test_the_bytes_of_a_leaf_are_these_for_ever() -> None:
    assert LEAF.data.decode() == FROZEN
    assert LEAF.hash == sha256(b"\x00" + FROZEN.encode()).digest()
    assert LEAF.hash.hex() == "b4138a33455507b002c8856f943f87c8cb87b81ec4613b45a35827aa0df615dd"


def test_the_first_event_of_a_stream_has_none_before_it_and_may_have_no_cause() -> None:
    record = record_of(replace(LEAF, previous=None, correlation_id=None, causation_id=None, cases=(), editions=()))

    assert [record[name] for name in ("previous", "correlation_id", "causation_id", "cases", "editions")] == [
        None, None, None, [], [],
    ]  # fmt: skip


@given(LEAVES, st.data())
def test_every_field_of_an_event_shows_in_its_leaf(leaf: Leaf, data: st.DataObject) -> None:
    for name in LEAF_FIELDS:
        other = replace(leaf, **{name: data.draw(VALUES[name], name)})
        assert (other.data == leaf.data) == (getattr(other, name) == getattr(leaf, name)), name


@given(LEAVES, st.data())
def test_every_field_of_the_request_shows_in_the_leaf(leaf: Leaf, data: st.DataObject) -> None:
    for name in REQUEST_FIELDS:
        other = replace(leaf, request=replace(leaf.request, **{name: data.draw(VALUES[name], name)}))
        assert (other.data == leaf.data) == (getattr(other.request, name) == getattr(leaf.request, name)), name


@given(LEAVES, LEAVES)
def test_two_events_have_one_leaf_only_where_they_are_the_same(one: Leaf, other: Leaf) -> None:
    assert (one.data == other.data) == (one == other)
    assert (one.hash == other.hash) == (one == other)


@given(LEAVES)
def test_a_leaf_is_canonical_json_and_its_record_makes_the_same_bytes_again(leaf: Leaf) -> None:
    record = json.loads(leaf.data)

    assert record == record_of(leaf)
    assert record_bytes(record) == rfc8785.dumps(record) == leaf.data


@pytest.mark.parametrize("turned", [replace(LEAF, cases=LEAF.cases[::-1]), replace(LEAF, editions=LEAF.editions[::-1])])
def test_the_order_of_cases_and_editions_shows(turned: Leaf) -> None:
    assert turned.data != LEAF.data


@given(MOMENTS.filter(lambda moment: 1 < moment.year < 9999), st.integers(-839, 839))
def test_an_instant_has_one_spelling_whatever_its_zone(moment: datetime, minutes: int) -> None:
    spelt = instant(moment)

    assert len(spelt) == len("2026-11-25T09:29:16.000001Z")
    assert datetime.fromisoformat(spelt) == moment
    assert instant(moment.astimezone(timezone(timedelta(minutes=minutes)))) == spelt


def test_a_time_without_a_zone_is_no_instant() -> None:
    local = replace(LEAF, effective_at=LEAF.effective_at.replace(tzinfo=None))

    with pytest.raises(ValueError, match="zone"):
        _ = local.data


@pytest.mark.parametrize("odd", [replace(LEAF, position=2**53), replace(LEAF, build="\ud800")])
def test_what_has_no_canonical_form_is_refused(odd: Leaf) -> None:
    with pytest.raises(ValueError, match=r".+"):
        _ = odd.data


def test_a_log_is_named_after_its_first_event_and_a_simulated_one_apart() -> None:
    first = UUID("0198C0DE-0000-7000-8000-000000000001")

    assert origin_of(first) == "incident-ledger/0198c0de-0000-7000-8000-000000000001"
    assert origin_of(first, simulated=True) == "incident-ledger/simulated/0198c0de-0000-7000-8000-000000000001"
