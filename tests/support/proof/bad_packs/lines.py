"""Lines that are not written as packs write them, and what belongs to the events beside them."""

from typing import Any

from tests.support.proof.bad_packs.brought import (
    Brought,
    bad,
    honest,
    resealed,
)
from tests.support.proof.small_packs import EDITION, Pack


def _edit(pack: Pack, number: int, **changes: Any) -> Pack:
    pack.edit_line(number, lambda line: line["record"].update(changes))
    return pack


def _edit_request(pack: Pack, number: int, **changes: Any) -> Pack:
    pack.edit_line(number, lambda line: line["record"]["request"].update(changes))
    return pack


@bad("edited")
def a_record_is_of_another_log() -> Brought:
    return resealed(_edit(honest(), 4, log="incident-ledger/another"), 5)


@bad("edited")
def a_record_has_an_instant_of_another_form() -> Brought:
    return resealed(_edit(honest(), 4, effective_at="2026-03-01T09:00:00Z"), 5)


@bad("edited")
def a_request_has_a_member_more() -> Brought:
    return resealed(_edit_request(honest(), 4, more=1), 5)


@bad("edited")
def a_record_has_a_member_more() -> Brought:
    return resealed(_edit(honest(), 4, more=1), 5)


@bad("edited")
def a_record_has_no_position() -> Brought:
    return resealed(_edit(honest(), 4, position=-5), 5)


@bad("edited")
def a_line_has_no_payload() -> Brought:
    pack = honest()
    pack.edit_line(4, lambda line: line.pop("payload"))
    return resealed(pack, 5)


@bad("edited")
def a_line_has_a_payload_that_is_no_text() -> Brought:
    pack = honest()
    pack.edit_line(4, lambda line: line.update(payload=1))
    return resealed(pack, 5)


@bad("edited")
def a_line_has_a_record_that_is_a_list() -> Brought:
    pack = honest()
    pack.edit_line(4, lambda line: line.update(record=[]))
    return resealed(pack, 5)


@bad("edited")
def a_line_is_a_list() -> Brought:
    pack = honest()
    pack.put_lines([*pack.lines()[:4], b"[]", *pack.lines()[5:]])
    return resealed(pack, 5)


def _raw(old: bytes, new: bytes) -> Brought:
    pack = honest()
    lines = pack.lines()
    assert old in lines[4]
    lines[4] = lines[4].replace(old, new, 1)
    pack.put_lines(lines)
    return resealed(pack, 5)


@bad("edited")
def a_line_is_spaced_differently() -> Brought:
    return _raw(b'"record":', b'"record": ')


@bad("edited")
def a_member_stands_twice_in_a_line() -> Brought:
    return _raw(b'"build":""', b'"build":"other","build":""')


@bad("edited")
def a_line_is_not_json() -> Brought:
    return _raw(b'{"payload"', b'["payload"')


@bad("edited")
def a_line_holds_half_a_letter() -> Brought:
    return _raw(b'"build":""', b'"build":"\\ud800"')


@bad("edited")
def a_line_holds_a_fraction() -> Brought:
    return _raw(b'"position":5', b'"position":5.0')


@bad("edited")
def a_line_holds_a_long_number() -> Brought:
    return _raw(b'"position":5', b'"position":' + b"5" * 5000)


@bad("edited")
def a_line_is_nested_deeply() -> Brought:
    return _raw(b'"cases":[', b'"cases":' + b"[" * 200_000)


@bad("edited")
def the_last_line_has_no_end() -> Brought:
    pack = honest()
    pack.files["events.ndjson"] = pack.files["events.ndjson"] + b"{}"
    return resealed(pack)


@bad("edited")
def the_text_of_an_edition_is_another() -> Brought:
    pack = honest()
    pack.files["editions/framework-2024.toml"] = EDITION + b" now"
    return resealed(pack)


@bad("missing")
def a_schema_is_left_out() -> Brought:
    pack = honest()
    del pack.files[next(name for name in pack.files if name.startswith("schemas/"))]
    return resealed(pack)
