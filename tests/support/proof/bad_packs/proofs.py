"""Proofs forged: paths, heads, the way from an older tree, and what is withheld although they are there."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from typing_extensions import override

from tests.support.proof.bad_packs.brought import SINCE, Brought, bad, ends, honest, records, resealed
from tests.support.proof.small_logs import SmallLog, a_small_log, b64, sha256
from tests.support.proof.small_packs import Pack, checkpoint, pack_of_case, pack_of_log

_ANY = b64(bytes(32))


def _proofs(pack: Pack, change: Callable[[dict[str, Any]], Any]) -> Pack:
    proofs = pack.json("proofs.json")
    change(proofs)
    pack.put("proofs.json", proofs)
    return pack


def _path(change: Callable[[list[str]], Any], number: int = 3) -> Brought:
    pack = honest("case")
    position = records(pack)[number]["position"]
    return resealed(_proofs(pack, lambda proofs: change(proofs["inclusion"][str(position)])), position)


def _head(kind: str, change: Callable[[dict[str, Any]], Any]) -> Pack:
    return _proofs(honest("case"), lambda proofs: change(next(h for h in proofs["heads"] if h["kind"] == kind)))


@bad("edited")
def a_step_of_a_path_is_another() -> Brought:
    return _path(lambda path: path.__setitem__(1, _ANY))


@bad("forged-proof")
def a_path_is_too_long() -> Brought:
    return _path(lambda path: path.append(_ANY))


@bad("forged-proof")
def a_path_is_too_short() -> Brought:
    return _path(lambda path: path.pop())


@bad("forged-proof")
def a_step_of_a_path_is_no_hash() -> Brought:
    return Brought(**{**vars(_path(lambda path: path.__setitem__(0, "AAAA"))), "position": None})


@bad("inserted")
def an_event_has_no_path() -> Brought:
    pack = honest("case")
    position = records(pack)[-1]["position"]
    return resealed(_proofs(pack, lambda proofs: proofs["inclusion"].pop(str(position))), position)


@bad("missing")
def a_path_is_of_an_event_that_is_not_here() -> Brought:
    pack = honest("case")
    absent = next(n for n in range(1, 99) if n not in {each["position"] for each in records(pack)})
    return resealed(_proofs(pack, lambda proofs: proofs["inclusion"].update({str(absent): []})), absent)


@bad("forged-proof")
def a_path_is_of_no_position() -> Brought:
    return resealed(_proofs(honest("case"), lambda proofs: proofs["inclusion"].update({"01": []})))


@bad("withheld-tail")
def the_end_of_a_stream_is_withheld() -> Brought:
    pack = honest("case")
    number = next(n for n in ends(pack) if records(pack)[n]["stream_version"] > 1)
    out = records(pack)[number]
    _proofs(pack, lambda proofs: proofs["inclusion"].pop(str(out["position"])))
    pack.put_lines(pack.lines()[:number] + pack.lines()[number + 1 :])
    opened = [each for each in pack.json("opened.json") if each["position"] != out["position"]]
    pack.put("opened.json", opened)
    last = max(each["position"] for each in records(pack) if each["stream"] == out["stream"])
    return resealed(pack, last)


def _without_stream(*, listed: bool) -> tuple[Pack, dict[str, Any]]:
    pack = honest("case")
    out = next(each for each in records(pack) if each["kind"] == "action")
    gone = [each["position"] for each in records(pack) if each["stream"] == out["stream"]]
    kept = [line for line, each in zip(pack.lines(), records(pack), strict=True) if each["position"] not in gone]
    pack.put_lines(kept)
    pack.put("opened.json", [each for each in pack.json("opened.json") if each["position"] not in gone])

    def change(proofs: dict[str, Any]) -> None:
        for position in gone:
            del proofs["inclusion"][str(position)]
        if not listed:
            case = next(iter(proofs["streams"]))
            proofs["streams"][case] = [pair for pair in proofs["streams"][case] if pair[0] != out["stream"]]

    return _proofs(pack, change), out


@bad("withheld-tail")
def a_stream_of_the_case_is_withheld() -> Brought:
    pack, out = _without_stream(listed=True)
    return resealed(pack, out["position"])


@bad("withheld-tail")
def a_stream_of_the_case_is_withheld_and_taken_off_the_list() -> Brought:
    return resealed(_without_stream(listed=False)[0])


@bad("withheld-tail")
def nothing_shows_where_a_stream_ends() -> Brought:
    pack = honest("case")
    stream = records(pack)[0]["stream"]
    last = max(each["position"] for each in records(pack) if each["stream"] == stream)
    _proofs(pack, lambda p: p.update(heads=[each for each in p["heads"] if each["subject"] != stream]))
    return resealed(pack, last)


@bad("withheld-tail")
def nothing_shows_which_streams_a_case_has() -> Brought:
    pack = honest("case")
    _proofs(pack, lambda p: p.update(heads=[each for each in p["heads"] if each["kind"] != "case"]))
    return resealed(pack)


@bad("withheld-tail")
def the_streams_of_a_case_are_not_listed() -> Brought:
    return resealed(_proofs(honest("case"), lambda proofs: proofs.update(streams={})))


class _Denying(SmallLog):
    """A log whose map of heads and lists of streams deny that a stream is of a case, which its records say it is of."""

    @override
    def joined(self) -> dict[str, list[list[Any]]]:
        found = super().joined()
        case = min(found)
        return found | {case: [pair for pair in found[case] if self.records[pair[1] - 1]["kind"] == "incident"]}


@bad("inserted")
def a_stream_says_that_it_is_of_a_case_which_it_is_not() -> Brought:
    log = a_small_log()
    denying = _Denying(log.origin, log.key, log.records, log.payloads)
    denied = next(each["position"] for each in log.records if each["kind"] == "action")
    return resealed(pack_of_case(denying, sorted(denying.joined()), kind="sample"), denied)


@bad("forged-proof")
def a_sibling_of_a_bucket_is_another() -> Brought:
    return resealed(_head("stream", lambda head: head["siblings"].__setitem__(3, _ANY)))


@bad("forged-proof")
def the_bucket_of_a_case_is_another() -> Brought:
    return resealed(_head("case", lambda head: head["bucket"][0].__setitem__(1, bytes(32).hex())))


@bad("forged-proof")
def a_bucket_has_too_few_siblings() -> Brought:
    return resealed(_head("stream", lambda head: head["siblings"].pop()))


@bad("forged-proof")
def a_bucket_holds_a_key_of_another_bucket() -> Brought:
    return resealed(_head("stream", lambda head: head["bucket"].insert(0, [bytes(32).hex(), bytes(32).hex()])))


@bad("forged-proof")
def a_bucket_holds_a_key_twice() -> Brought:
    return resealed(_head("stream", lambda head: head["bucket"].append(head["bucket"][0])))


@bad("forged-proof")
def a_bucket_holds_something_else() -> Brought:
    return resealed(_head("stream", lambda head: head["bucket"][0].pop()))


@bad("forged-proof")
def a_head_is_of_something_else() -> Brought:
    return resealed(_head("stream", lambda head: head.update(kind="log")))


@bad("forged-proof")
def a_head_is_of_no_id() -> Brought:
    return resealed(_head("stream", lambda head: head.update(subject="one")))


@bad("edited")
def a_head_has_no_bucket() -> Brought:
    return resealed(_head("stream", lambda head: head.pop("bucket")))


@bad("forged-proof")
def the_map_of_heads_of_a_whole_log_is_another() -> Brought:
    pack = honest()
    pack.files["heads"] = checkpoint(pack.log, about="/heads", root=bytes(32))
    return resealed(pack)


def _streams(pair: Any) -> Brought:
    return resealed(_proofs(honest("case"), lambda p: next(iter(p["streams"].values())).append(pair)))


@bad("forged-proof")
def a_stream_of_a_case_is_no_pair() -> Brought:
    return _streams(5)


@bad("forged-proof")
def a_stream_of_a_case_is_no_id() -> Brought:
    return _streams(["one", 1])


@bad("forged-proof")
def a_stream_of_a_case_joined_at_a_position_below_nothing() -> Brought:
    return _streams([records(honest("case"))[0]["stream"], -1])


@bad("forged-proof")
def a_stream_of_a_case_says_more_than_its_position() -> Brought:
    return _streams([records(honest("case"))[0]["stream"], 1, 1])


@bad("forged-proof")
def an_entry_of_a_bucket_is_no_pair() -> Brought:
    return resealed(_head("stream", lambda head: head["bucket"].append(5)))


def _consistency(kind: str, **changes: Any) -> Pack:
    return _proofs(honest(kind), lambda proofs: proofs["consistency"].update(changes))


@bad("not-consistent")
def the_older_tree_has_another_root() -> Brought:
    return resealed(_consistency("case", root=_ANY))


@bad("not-consistent")
def the_way_from_the_older_tree_is_cut() -> Brought:
    return resealed(_consistency("log", path=[]))


@bad("not-consistent")
def the_older_tree_has_another_size() -> Brought:
    return resealed(_consistency("case", **{"from": SINCE + 1}))


@bad("not-consistent")
def the_older_tree_is_larger() -> Brought:
    return resealed(_consistency("case", **{"from": 99}))


@bad("forged-proof")
def the_older_tree_has_a_size_below_nothing() -> Brought:
    return resealed(_consistency("case", **{"from": -1}))


@bad("forked")
def the_log_signed_another_history_of_the_same_size() -> Brought:
    pack, fork = honest("case"), a_small_log()
    fork.records[9]["build"] = "another"
    return resealed(pack, checkpoint=checkpoint(fork.chained()))


@bad("forked")
def the_log_signed_another_history_of_an_older_size() -> Brought:
    pack, fork = honest("case"), a_small_log()
    fork.records[2]["build"] = "another"
    return resealed(pack, checkpoint=checkpoint(fork.chained(), SINCE))


@bad("forked")
def a_whole_log_was_rewritten_with_the_key_and_the_auditor_holds_an_older_checkpoint() -> Brought:
    fork = a_small_log()
    fork.records[2]["build"] = "another"
    return resealed(pack_of_log(fork.chained()), checkpoint=checkpoint(a_small_log(), 4))


@bad(None)
def nothing_leads_from_the_held_checkpoint_to_the_pack() -> Brought:
    pack = honest("case")
    return resealed(pack, checkpoint=checkpoint(pack.log, SINCE + 1))


@bad(None)
def the_held_checkpoint_is_newer_than_the_pack() -> Brought:
    log = a_small_log()
    size = len(log.records)
    log.append(_stream(), [], ["{}"], "ledger")
    assert len(log.records) > size
    return resealed(honest(), checkpoint=checkpoint(log))


def _stream() -> UUID:
    return UUID(bytes=sha256(b"newer")[:16], version=4)
