"""Signed statements forged: the manifest, the checkpoint, the statement of heads, the auditor's own papers."""

import base64

from tests.support.proof.bad_packs.brought import Brought, bad, honest, resealed
from tests.support.proof.small_logs import Key, a_small_log, note
from tests.support.proof.small_packs import OTHER_WITNESS, WITNESS, Pack, checkpoint, pack_of_log


def _put(name: str, data: bytes, kind: str = "log") -> Brought:
    pack = honest(kind)
    pack.files[name] = data
    return resealed(pack)


def _other_key(pack: Pack) -> Key:
    return Key(pack.log.origin, 2)


@bad("forged-signature")
def a_log_is_rewritten_and_signed_with_another_key() -> Brought:
    log = a_small_log()
    log.records[6]["build"] = "another"
    vkey = log.key.vkey
    log.key = Key(log.origin, 2)
    return resealed(pack_of_log(log.chained()), keys=[vkey])


@bad("forged-signature")
def the_checkpoint_is_signed_with_another_key() -> Brought:
    pack = honest()
    return _put("checkpoint", checkpoint(pack.log, None, _other_key(pack)))


@bad("forged-signature")
def the_checkpoint_is_signed_under_another_name() -> Brought:
    pack = honest()
    stranger = Key("incident-ledger/another", 1)
    pack.files["checkpoint"] = checkpoint(pack.log, None, stranger)
    return resealed(pack, keys=[pack.log.key.vkey, stranger.vkey])


@bad("forged-signature")
def the_signature_under_the_checkpoint_is_of_another_text() -> Brought:
    pack = honest()
    text, _, lines = pack.files["checkpoint"].partition(b"\n\n")
    return _put("checkpoint", text.replace(b"/", b"/", 1)[:-2] + b"==\n\n"[:0] + _bent(text[-2:]) + b"\n\n" + lines)


def _bent(end: bytes) -> bytes:
    return b"A=" if end != b"A=" else b"E="


@bad("forged-signature")
def the_signature_of_the_witness_does_not_hold() -> Brought:
    pack = honest()
    text = pack.files["checkpoint"].decode().partition("\n\n")[0] + "\n"
    line = WITNESS.line(text + "x\n")
    pack.files["checkpoint"] = (text + "\n" + pack.log.key.line(text) + line).encode()
    return resealed(pack, witnesses=[WITNESS.vkey])


@bad(None)
def a_witness_has_not_signed() -> Brought:
    return resealed(honest(), witnesses=[WITNESS.vkey, OTHER_WITNESS.vkey])


@bad("edited")
def the_checkpoint_is_of_another_size() -> Brought:
    return _put("checkpoint", checkpoint(a_small_log(), 7))


@bad("edited")
def the_checkpoint_is_about_the_heads() -> Brought:
    return _put("checkpoint", honest().files["heads"])


@bad("edited")
def the_statement_of_heads_is_of_another_size() -> Brought:
    return _put("heads", checkpoint(a_small_log(), 7, about="/heads"))


@bad("edited")
def the_statement_of_heads_is_about_the_tree() -> Brought:
    return _put("heads", honest().files["checkpoint"])


@bad("edited")
def the_checkpoint_has_two_lines() -> Brought:
    key = honest().log.key
    return _put("checkpoint", note(f"{key.name}\n7\n", key))


@bad("edited")
def the_checkpoint_has_a_size_with_a_zero_before() -> Brought:
    key = honest().log.key
    return _put("checkpoint", note(f"{key.name}\n07\n{base64.b64encode(bytes(32)).decode()}\n", key))


@bad("edited")
def the_checkpoint_has_a_size_beyond_all_numbers() -> Brought:
    key = honest().log.key
    return _put("checkpoint", note(f"{key.name}\n{2**53}\n{base64.b64encode(bytes(32)).decode()}\n", key))


@bad("edited")
def the_checkpoint_has_no_name() -> Brought:
    key = honest().log.key
    return _put("checkpoint", note(f"\n7\n{base64.b64encode(bytes(32)).decode()}\n", key))


@bad("forged-proof")
def the_checkpoint_has_a_root_that_is_no_hash() -> Brought:
    key = honest().log.key
    return _put("checkpoint", note(f"{key.name}\n7\nAAAA\n", key))


@bad("edited")
def the_checkpoint_has_no_signature_at_all() -> Brought:
    return _put("checkpoint", honest().files["checkpoint"].partition(b"\n\n")[0] + b"\n")


@bad("edited")
def the_checkpoint_is_not_utf8() -> Brought:
    return _put("checkpoint", honest().files["checkpoint"] + b"\xff\n")


@bad("edited")
def the_checkpoint_holds_a_control() -> Brought:
    return _put("checkpoint", honest().files["checkpoint"].replace(b"\n", b"\r\n", 1))


@bad("edited")
def the_checkpoint_does_not_end_with_a_line() -> Brought:
    return _put("checkpoint", honest().files["checkpoint"][:-1])


@bad("edited")
def the_checkpoint_has_an_empty_line_for_a_signature() -> Brought:
    return _put("checkpoint", honest().files["checkpoint"].partition(b"\n\n")[0] + b"\n\n\n")


@bad("edited")
def the_checkpoint_has_more_lines_than_anybody_signs() -> Brought:
    pack = honest()
    line = pack.files["checkpoint"].splitlines(keepends=True)[-1]
    return _put("checkpoint", pack.files["checkpoint"] + line * 200)


@bad("edited")
def the_checkpoint_is_longer_than_any_note() -> Brought:
    pack = honest()
    return _put("checkpoint", b"a" * 1_000_001 + pack.files["checkpoint"])


@bad("edited")
def a_signature_line_does_not_begin_like_one() -> Brought:
    return _put("checkpoint", honest().files["checkpoint"].replace("\u2014 ".encode(), b"-- ", 1))


@bad("edited")
def a_signature_line_holds_no_base64() -> Brought:
    return _put("checkpoint", honest().files["checkpoint"] + "\u2014 somebody !!!!\n".encode())


@bad("edited")
def a_signature_line_holds_too_little() -> Brought:
    return _put("checkpoint", honest().files["checkpoint"] + "\u2014 somebody AAAA\n".encode())
