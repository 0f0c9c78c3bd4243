"""What packs are written with: members that become one file, and pieces that are kept outside of memory."""

import hashlib
import io
import random
import zipfile
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import pytest
import rfc8785

from service.proof.leaf import Leaf, Request, record_of
from service.reading.audit.packs.gathering import joined_at, line
from service.reading.audit.packs.members import IN_MEMORY, Members, MemberTakenError, Sheaf, joined, spools
from service.reading.audit.packs.pages import page
from service.reading.audit.packs.stored import leaf_bytes
from service.store.ledger import LedgerEvent


def _written(*names: str) -> bytes:
    out = io.BytesIO()
    with spools() as spool:
        members = Members(spool)
        for name in names:
            members.add(name, name.encode() * 7)
        members.write_to(out)
    return out.getvalue()


def test_the_order_in_which_members_are_made_does_not_matter() -> None:
    assert _written("b", "a/c", "a.txt") == _written("a.txt", "b", "a/c")


def test_a_name_is_given_once() -> None:
    with spools() as spool:
        members = Members(spool)
        members.add("a", b"1")
        with pytest.raises(MemberTakenError):
            members.add("a", b"2")


def test_a_member_that_outgrows_memory_is_the_same_in_the_file() -> None:
    content = random.Random(7).randbytes(3 * IN_MEMORY)
    out = io.BytesIO()
    with spools() as spool:
        members = Members(spool)
        with members.writing("long") as member:
            for start in range(0, len(content), 10_000):
                member.write(content[start : start + 10_000])
        members.write_to(out)
        digests = members.digests()

    assert digests == {"long": hashlib.sha256(content).hexdigest()}
    with zipfile.ZipFile(out) as archive:
        assert archive.read("long") == content


def test_pieces_come_out_by_their_keys_and_the_first_of_a_key_stays() -> None:
    numbers = list(range(1, 400))
    random.Random(3).shuffle(numbers)
    with spools() as spool:
        sheaf = Sheaf(spool())
        for number in numbers:
            sheaf.add(number, b"%d" % number * 1000)
            sheaf.add(number, b"another")

        assert list(sheaf.pieces()) == [b"%d" % number * 1000 for number in range(1, 400)]
        assert len(sheaf) == 399
        assert (7 in sheaf, 400 in sheaf) == (True, False)


def test_text_keys_are_ordered_as_canonical_json_orders_them() -> None:
    with spools() as spool:
        sheaf = Sheaf(spool())
        for key in ("10", "9", "2", "100"):
            sheaf.add(key, key.encode())

        assert b"".join(joined(sheaf.pieces())) == b"10,100,2,9"


def test_a_field_path_reads_as_people_say_it() -> None:
    assert page.label("location.place") == "place of location"
    assert page.label("consents.0.to_tell") == "to tell of consents"


def test_an_instant_is_shown_by_the_clock_in_london_with_utc_beside_it() -> None:
    at = datetime(2025, 7, 1, 23, 30, 5, tzinfo=timezone(timedelta(hours=1)))

    assert page.moment_shown(at) == (
        '<time datetime="2025-07-01T22:30:05Z">1 July 2025 at 23:30 <small>(22:30:05 UTC)</small></time>'
    )


def test_streams_of_a_case_are_told_in_the_order_in_which_they_joined_it() -> None:
    case, first, second = UUID(int=1), UUID(int=9), UUID(int=3)
    told = (
        an_event(position, stream, cases)
        for position, stream, cases in ((2, second, ()), (4, first, (case,)), (5, second, (case,)), (6, first, (case,)))
    )

    assert joined_at(case, told) == [(first, 4), (second, 5)]


def test_records_and_payloads_are_written_in_their_canonical_form() -> None:
    odd = "".join(map(chr, range(0x300))) + "\u2028\u2029\ufeff\U0001f600</script>"
    at = datetime(2026, 3, 2, tzinfo=UTC)
    leaf = Leaf(
        log=odd,
        position=2**53 - 1,
        id=UUID(int=1),
        stream=UUID(int=2),
        stream_version=3,
        kind=odd,
        stream_organisation=odd,
        cases=(UUID(int=4),),
        type=odd,
        payload_sha256=bytes(32),
        organisation=odd,
        actor=UUID(int=5),
        correlation_id=odd,
        causation_id=None,
        effective_at=at,
        recorded_at=at,
        editions=(odd, ""),
        build=odd,
        request=Request(b"key", b"body", UUID(int=2), 3, 1, 2, at),
        previous=None,
    )

    assert leaf_bytes(leaf) == leaf.data
    written = line(leaf.data, odd.encode())
    assert written[:-1] == rfc8785.dumps({"payload": odd, "record": record_of(leaf)})
    assert written.endswith(b"\n")


def an_event(position: int, stream: UUID, cases: tuple[UUID, ...]) -> LedgerEvent:
    at = datetime(2026, 3, 2, tzinfo=UTC)
    told = ("action", UUID(int=position), "action.agreed.v1", b"{}", "ZZ1", UUID(int=7), None, None, at, at, (), "")
    return LedgerEvent(position, stream, 1, *told, cases)
