"""The manifest forged, what is opened, and the papers that the auditor brings."""

import base64
from typing import Any

from tests.support.proof.bad_packs.brought import Brought, bad, brought, honest, resealed
from tests.support.proof.small_logs import Key, note
from tests.support.proof.small_packs import WITNESS, Pack, checkpoint


def _put(name: str, data: bytes, kind: str = "log") -> Brought:
    pack = honest(kind)
    pack.files[name] = data
    return resealed(pack)


def _said(**changes: Any) -> Brought:
    pack = honest("case")
    pack.said |= changes
    return resealed(pack)


def _other_key(pack: Pack) -> Key:
    return Key(pack.log.origin, 2)


@bad("edited")
def the_manifest_is_not_the_one_that_was_signed() -> Brought:
    pack = honest()
    pack.said["reader"]["organisation"] = "QB2"
    signed = pack.files["pack.note"]
    pack.seal().files["pack.note"] = signed
    return brought(pack)


@bad("forged-signature")
def the_manifest_is_signed_with_another_key() -> Brought:
    pack = honest()
    vkey = pack.log.key.vkey
    pack.log.key = _other_key(pack)
    return brought(pack.sign(), keys=[vkey])


@bad("missing")
def the_manifest_is_not_signed() -> Brought:
    pack = honest()
    del pack.files["pack.note"]
    return brought(pack)


@bad("edited")
def a_file_is_not_the_one_in_the_manifest() -> Brought:
    pack = honest()
    pack.files["README.txt"] += b"."
    return brought(pack)


@bad("missing")
def a_file_of_the_manifest_is_not_here() -> Brought:
    pack = honest()
    del pack.files["README.txt"]
    return brought(pack)


@bad("inserted")
def a_file_is_not_in_the_manifest() -> Brought:
    pack = honest()
    pack.files["evil.html"] = b""
    return brought(pack)


@bad(None)
def the_pack_is_of_another_form() -> Brought:
    return _said(format="incident-ledger-pack/2")


@bad("edited")
def the_pack_is_of_another_kind() -> Brought:
    return _said(kind="story")


@bad("edited")
def the_pack_is_of_no_size() -> Brought:
    return _said(size=-1)


@bad("edited")
def the_size_of_the_pack_is_true() -> Brought:
    return _said(size=True)


@bad("edited")
def a_subject_is_no_id() -> Brought:
    return _said(subjects=["one"])


@bad("edited")
def a_subject_stands_twice() -> Brought:
    return _said(subjects=honest("case").said["subjects"] * 2)


@bad("edited")
def the_manifest_says_nothing_of_its_reader() -> Brought:
    return _said(reader={})


def _manifest(change: Any) -> Brought:
    pack = honest()
    said = pack.json("pack.json")
    change(said)
    pack.put("pack.json", said)
    return brought(pack.sign())


@bad("edited")
def a_file_in_the_manifest_has_no_digest() -> Brought:
    return _manifest(lambda said: said["files"].update({"README.txt": "new"}))


@bad("edited")
def the_manifest_names_itself() -> Brought:
    return _manifest(lambda said: said["files"].update({"pack.json": bytes(32).hex()}))


def _raw_manifest(data: bytes) -> Brought:
    pack = honest()
    pack.files["pack.json"] = data
    return brought(pack.sign())


@bad("edited")
def the_manifest_is_not_json() -> Brought:
    return _raw_manifest(b"{")


@bad("edited")
def the_manifest_is_not_utf8() -> Brought:
    return _raw_manifest(b'{"format":"\xff"}')


@bad("edited")
def the_manifest_says_a_thing_twice() -> Brought:
    data = honest().files["pack.json"]
    return _raw_manifest(data.replace(b'"kind"', b'"kind":"case","kind"', 1))


@bad("edited")
def the_manifest_holds_not_a_number() -> Brought:
    return _raw_manifest(honest().files["pack.json"].replace(b'"size":', b'"more":NaN,"size":', 1))


@bad("edited")
def the_manifest_holds_a_number_without_end() -> Brought:
    return _raw_manifest(honest().files["pack.json"].replace(b'"size":', b'"more":' + b"9" * 99 + b',"size":', 1))


@bad("edited")
def the_manifest_is_nested_deeply() -> Brought:
    return _raw_manifest(b'{"files":' + b"[" * 200_000)


@bad("edited")
def the_manifest_is_a_list() -> Brought:
    return _raw_manifest(b"[]")


@bad("edited")
def what_is_opened_is_no_list() -> Brought:
    return _put("opened.json", b"{}", "case")


@bad("edited")
def what_is_opened_is_no_json() -> Brought:
    return _put("opened.json", b"", "case")


def _opened(change: Any) -> Brought:
    pack = honest("case")
    opened = pack.json("opened.json")
    found = change(opened)
    pack.put("opened.json", opened)
    return resealed(pack, found)


@bad("inserted")
def a_value_is_opened_twice() -> Brought:
    return Brought(**{**vars(_opened(lambda opened: opened.append(opened[0]))), "position": _first_opened()})


def _first_opened() -> int:
    position: int = honest("case").json("opened.json")[0]["position"]
    return position


@bad("inserted")
def a_value_is_opened_where_nothing_was_sealed() -> Brought:
    return Brought(**{**vars(_opened(lambda opened: opened[0].update(path="harm"))), "position": _first_opened()})


@bad("inserted")
def a_value_is_opened_of_an_event_that_is_not_here() -> Brought:
    return Brought(**{**vars(_opened(lambda opened: opened.append({**opened[0], "position": 1}))), "position": 1})


@bad("edited")
def an_opened_value_is_neither_words_nor_erased() -> Brought:
    return Brought(**{**vars(_opened(lambda opened: opened[0].update(erased=False))), "position": None})


@bad("edited")
def an_opened_value_has_no_position() -> Brought:
    return Brought(**{**vars(_opened(lambda opened: opened[0].update(position="1"))), "position": None})


@bad("edited")
def an_opened_value_has_no_path() -> Brought:
    return Brought(**{**vars(_opened(lambda opened: opened[0].update(path=1))), "position": None})


@bad(None)
def a_key_is_no_key() -> Brought:
    return brought(honest(), keys=["somebody"])


@bad(None)
def a_key_has_the_id_of_another() -> Brought:
    return brought(honest(), keys=[honest().log.key.vkey.replace("+", "+0", 1)[: -1 - 1]])


@bad(None)
def the_id_of_a_key_was_copied_wrongly() -> Brought:
    name, key_id, key = honest().log.key.vkey.split("+", 2)
    return brought(honest(), keys=[f"{name}+{'0' if key_id[0] != '0' else '1'}{key_id[1:]}+{key}"])


@bad(None)
def a_key_has_no_name() -> Brought:
    return brought(honest(), keys=[Key("", 1).vkey])


@bad(None)
def the_name_of_a_key_has_a_space() -> Brought:
    return brought(honest(), keys=[Key("a b", 1).vkey])


@bad(None)
def a_key_is_of_an_unknown_type() -> Brought:
    return brought(honest(), keys=[Key("a", 1, 9).vkey])


@bad(None)
def the_held_checkpoint_is_no_note() -> Brought:
    return brought(honest(), checkpoint=b"hello")


@bad(None)
def the_held_checkpoint_is_of_another_log() -> Brought:
    key = honest().log.key
    text = f"another\n7\n{base64.b64encode(bytes(32)).decode()}\n"
    return brought(honest(), checkpoint=note(text, key))


@bad(None)
def the_held_checkpoint_is_signed_by_nobody_known() -> Brought:
    pack = honest()
    return brought(pack, checkpoint=checkpoint(pack.log, 5, _other_key(pack)))


@bad(None)
def the_key_in_the_pack_is_no_key() -> Brought:
    pack = honest()
    pack.files["log.vkey"] = b"nobody\n"
    return resealed(pack, keys=[])


@bad(None)
def the_held_checkpoint_cannot_be_read() -> Brought:
    return brought(honest(), checkpoint=b"")


@bad(None)
def only_the_key_of_a_witness_is_given() -> Brought:
    pack = honest()
    pack.files["log.vkey"] = WITNESS.vkey.encode()
    return resealed(pack, keys=[WITNESS.vkey])
