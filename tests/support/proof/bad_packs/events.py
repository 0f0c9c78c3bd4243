"""Events changed: edited, taken out, put in, moved, dated back."""

import json
from typing import Any
from uuid import UUID

import rfc8785

from tests.support.proof.bad_packs.brought import (
    Brought,
    bad,
    brought,
    ends,
    followed,
    honest,
    of_log,
    records,
    resealed,
)
from tests.support.proof.small_logs import a_small_log, sha256
from tests.support.proof.small_packs import Pack


def _edit(pack: Pack, number: int, **changes: Any) -> Pack:
    pack.edit_line(number, lambda line: line["record"].update(changes))
    return pack


def _edit_request(pack: Pack, number: int, **changes: Any) -> Pack:
    pack.edit_line(number, lambda line: line["record"]["request"].update(changes))
    return pack


@bad("payload-changed")
def a_payload_is_edited() -> Brought:
    pack = honest()
    pack.edit_line(4, lambda line: line.update(payload='{"harm":"none"}'))
    return brought(pack, 5)


@bad("payload-changed")
def two_payloads_are_swapped() -> Brought:
    pack = honest()
    one, other = (json.loads(pack.lines()[number])["payload"] for number in (3, 8))
    pack.edit_line(3, lambda line: line.update(payload=other))
    pack.edit_line(8, lambda line: line.update(payload=one))
    return resealed(pack, 4)


@bad("edited")
def a_payload_is_edited_with_its_digest_in_a_log() -> Brought:
    pack = honest()
    number = followed(pack)
    pack.edit_line(number, lambda line: line.update(payload="{}"))
    return resealed(_edit(pack, number, payload_sha256=sha256(b"{}").hex()), number + 1)


@bad("edited")
def an_actor_is_changed_in_a_case() -> Brought:
    pack = honest("case")
    number = ends(pack)[-1]
    actor = records(pack)[number]["stream"]
    return resealed(_edit(pack, number, actor=actor), records(pack)[number]["position"])


@bad("edited")
def a_log_is_rewritten_from_one_event_on() -> Brought:
    log = a_small_log()
    log.records[6]["build"] = "another"
    return resealed(of_log(log.chained()))


@bad("edited")
def an_event_is_dated_back() -> Brought:
    log = a_small_log()
    for record in log.records:
        if record["position"] == log.records[7]["request"]["first_position"]:
            record["recorded_at"] = record["request"]["recorded_at"] = "2026-02-01T00:00:00.000000Z"
    position = log.records[7]["request"]["first_position"]
    return resealed(of_log(log.chained()), position)


@bad("missing")
def an_event_is_taken_out_of_a_log() -> Brought:
    pack = honest()
    pack.put_lines(pack.lines()[:5] + pack.lines()[6:])
    return resealed(pack, 6)


@bad("truncated")
def the_newest_events_are_taken_out_of_a_log() -> Brought:
    pack = honest()
    pack.put_lines(pack.lines()[:-2])
    return resealed(pack, len(pack.lines()) + 1)


@bad("missing")
def an_event_is_taken_out_of_a_case_with_its_proof() -> Brought:
    pack = honest("case")
    number = next(
        n for n in range(1, len(pack.lines())) if n not in ends(pack) and records(pack)[n]["stream_version"] > 1
    )
    out = records(pack)[number]
    _without(pack, number)
    after = next(r["position"] for r in records(pack)[number:] if r["stream"] == out["stream"])
    return resealed(pack, after)


@bad("missing")
def the_first_event_of_a_stream_is_taken_out_and_the_others_count_from_one() -> Brought:
    log = a_small_log()
    stream = log.records[1]["stream"]
    for record in [each for each in log.records if each["stream"] == stream][1:]:
        record["stream_version"] -= 1
        record["request"] = dict(record["request"], stream_version=record["request"]["stream_version"] - 1)
    other = log.records[1]["actor"]
    request = dict(log.records[1]["request"], stream=other, stream_version=1, last_position=2)
    log.records[1] |= {"stream": other, "request": request}
    pack = of_log(log)
    after = next(each["position"] for each in log.records if each["stream"] == stream)
    return resealed(pack, after)


@bad("inserted")
def an_event_is_put_into_a_case() -> Brought:
    pack = honest("case")
    line = json.loads(pack.lines()[-1])
    last = line["record"]["position"]
    line["record"].update(
        position=last + 1,
        stream=line["record"]["actor"],
        stream_version=1,
        previous=None,
        cases=line["record"]["cases"],
    )
    line["record"]["request"].update(stream=line["record"]["actor"], stream_version=1)
    line["record"]["request"].update(first_position=last + 1, last_position=last + 1)
    proofs = pack.json("proofs.json")
    proofs["inclusion"].pop(str(last + 1), None)
    pack.put("proofs.json", proofs)
    pack.put_lines([*pack.lines(), rfc8785.dumps(line)])
    return resealed(pack, last + 1)


@bad("inserted")
def an_event_is_put_into_a_log_and_the_rest_counted_on() -> Brought:
    log = a_small_log()
    size = len(log.records)
    log.append(_free(), [], ["{}"], "ledger")
    pack = of_log(log)
    pack.said["size"] = size
    return resealed(pack, size + 1)


@bad("inserted")
def an_event_stands_twice_in_a_log() -> Brought:
    pack = honest()
    pack.put_lines([*pack.lines()[:3], pack.lines()[2], *pack.lines()[3:]])
    return resealed(pack, 3)


@bad("inserted")
def a_version_of_a_stream_stands_twice() -> Brought:
    pack = honest("case")
    number = next(n for n, each in enumerate(records(pack)) if each["stream_version"] > 1)
    position = records(pack)[number]["position"]
    _edit(pack, number, stream_version=records(pack)[number]["stream_version"] - 1)
    _edit_request(pack, number, stream_version=records(pack)[number]["request"]["stream_version"] - 1)
    return _included_anyway(pack, number, position)


def _included_anyway(pack: Pack, number: int, position: int) -> Brought:
    """Without the checkpoint no path can be followed: only what stands in the events themselves is left to tell."""
    pack.files["checkpoint"] = pack.files["checkpoint"].replace(b"\xe2\x80\x94", b"-", 1)
    return resealed(pack, position)


@bad("reordered")
def two_lines_of_a_log_are_swapped() -> Brought:
    pack = honest()
    lines = pack.lines()
    lines[3], lines[9] = lines[9], lines[3]
    pack.put_lines(lines)
    return resealed(pack, 4)


@bad("reordered")
def two_lines_of_a_case_are_swapped() -> Brought:
    pack = honest("case")
    number = next(
        n for n in range(len(pack.lines()) - 1) if records(pack)[n]["stream"] != records(pack)[n + 1]["stream"]
    )
    lines = pack.lines()
    lines[number], lines[number + 1] = lines[number + 1], lines[number]
    pack.put_lines(lines)
    return resealed(pack, records(pack)[number + 1]["position"])


@bad("renumbered")
def an_event_takes_the_position_of_another() -> Brought:
    return resealed(_edit(honest(), 7, position=3), 3)


@bad("renumbered")
def an_event_takes_a_position_that_nothing_has() -> Brought:
    pack = honest()
    return resealed(_edit(pack, 7, position=len(pack.lines()) + 5), 8)


@bad("renumbered")
def events_are_counted_on_while_their_requests_are_not() -> Brought:
    log = a_small_log()
    for record in log.records[5:]:
        record["request"] = dict(record["request"], first_position=0, last_position=1)
    return resealed(of_log(log.chained()), 6)


@bad("inserted")
def an_event_stands_after_the_checkpoint_in_a_case() -> Brought:
    pack = honest("case")
    number = ends(pack)[-1]
    beyond = len(pack.log.records) + 1
    _edit(pack, number, position=beyond)
    _edit_request(pack, number, first_position=beyond, last_position=beyond)
    proofs = pack.json("proofs.json")
    was = records(honest("case"))[number]["position"]
    proofs["inclusion"][str(beyond)] = proofs["inclusion"].pop(str(was))
    pack.put("proofs.json", proofs)
    pack.put("opened.json", [each for each in pack.json("opened.json") if each["position"] != was])
    return _included_anyway(pack, number, beyond)


@bad("edited")
def a_request_is_about_another_stream() -> Brought:
    log = a_small_log()
    log.records[5]["request"] = dict(log.records[5]["request"], stream=log.records[0]["stream"])
    return resealed(of_log(log.chained()), 6)


@bad("edited")
def a_request_ended_at_another_version() -> Brought:
    log = a_small_log()
    log.records[5]["request"] = dict(log.records[5]["request"], stream_version=40)
    return resealed(of_log(log.chained()), 6)


@bad("edited")
def a_request_was_recorded_at_another_time() -> Brought:
    log = a_small_log()
    log.records[5]["request"] = dict(log.records[5]["request"], recorded_at="2026-03-01T00:00:00.000000Z")
    return resealed(of_log(log.chained()), 6)


@bad("edited")
def a_stream_changes_its_kind() -> Brought:
    log = a_small_log()
    later = next(r for r in log.records if r["stream"] == log.records[1]["stream"] and r["stream_version"] == 2)
    later["kind"] = "action"
    return resealed(of_log(log.chained()), later["position"])


@bad("edited")
def a_stream_leaves_a_case() -> Brought:
    log = a_small_log()
    later = next(r for r in log.records if r["stream"] == log.records[1]["stream"] and r["stream_version"] == 2)
    later["cases"] = []
    return resealed(of_log(log.chained()), later["position"])


@bad("edited")
def a_stream_joins_cases_out_of_order() -> Brought:
    log = a_small_log()
    for record in log.records:
        if len(record["cases"]) > 1:
            record["cases"] = record["cases"][::-1]
    first = next(r["position"] for r in log.records if len(r["cases"]) > 1)
    return resealed(of_log(log.chained()), first)


@bad("edited")
def a_stream_joins_a_case_twice() -> Brought:
    log = a_small_log()
    later = next(r for r in log.records if r["stream"] == log.records[1]["stream"] and r["stream_version"] == 2)
    for record in log.records[later["position"] - 1 :]:
        if record["stream"] == later["stream"]:
            record["cases"] = [*record["cases"], record["cases"][0]]
    later["request"]["first_position"] = later["position"]
    return resealed(of_log(log.chained()), later["position"])


@bad("edited")
def a_stream_joins_a_case_within_a_request() -> Brought:
    log = a_small_log()
    number = next(
        n for n, r in enumerate(log.records) if r["request"]["first_position"] == n and len(r["cases"]) == 1 and n > 1
    )
    other = next(case for case in log.joined() if case not in log.records[number]["cases"])
    for record in log.records[number:]:
        if record["stream"] == log.records[number]["stream"]:
            record["cases"] = [*record["cases"], other]
    return resealed(of_log(log.chained()), number + 1)


def _without(pack: Pack, number: int) -> None:
    """Take a line out together with its path."""
    proofs = pack.json("proofs.json")
    del proofs["inclusion"][str(records(pack)[number]["position"])]
    pack.put("proofs.json", proofs)
    pack.put_lines(pack.lines()[:number] + pack.lines()[number + 1 :])


def _free() -> UUID:
    return UUID(int=5, version=4)
