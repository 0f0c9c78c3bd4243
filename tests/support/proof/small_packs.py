"""Evidence packs of small logs, sealed by the log or by nobody, and the ways in which one is changed afterwards."""

import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

import rfc8785

from tests.support.proof.small_logs import (
    WITNESS_TYPE,
    Key,
    SmallLog,
    b64,
    growth_of,
    leaf_hash,
    note,
    path_of,
    root_of,
    sha256,
)

WITNESS: Final = Key("witness.example/one", 77, WITNESS_TYPE)
OTHER_WITNESS: Final = Key("witness.example/two", 78, WITNESS_TYPE)
EDITION: Final = b"the text"


@dataclass
class Pack:
    """The files of a pack in the making; `seal` says and signs what they are."""

    log: SmallLog
    files: dict[str, bytes] = field(default_factory=dict)
    said: dict[str, Any] = field(default_factory=dict)

    def json(self, name: str) -> Any:
        """A file as JSON."""
        return json.loads(self.files[name])

    def put(self, name: str, value: Any) -> None:
        """Write a file as canonical JSON."""
        self.files[name] = rfc8785.dumps(value)

    def lines(self) -> list[bytes]:
        """The lines of events."""
        return self.files["events.ndjson"].splitlines()

    def put_lines(self, lines: list[bytes]) -> None:
        """Write the lines of events."""
        self.files["events.ndjson"] = b"".join(line + b"\n" for line in lines)

    def edit_line(self, number: int, change: Callable[[dict[str, Any]], None]) -> None:
        """Change one line of events, counted from 0, and write it canonically."""
        lines = self.lines()
        value = json.loads(lines[number])
        change(value)
        lines[number] = rfc8785.dumps(value)
        self.put_lines(lines)

    def seal(self) -> "Pack":
        """Say what the files are, and sign that as the log."""
        for name in ("pack.json", "pack.note"):
            self.files.pop(name, None)
        self.said["files"] = {name: sha256(data).hex() for name, data in sorted(self.files.items())}
        self.put("pack.json", self.said)
        return self.sign()

    def sign(self) -> "Pack":
        """Sign `pack.json` as it is."""
        digest = b64(sha256(self.files["pack.json"]))
        self.files["pack.note"] = note(f"incident-ledger-pack/1\n{self.log.key.name}\n{digest}\n", self.log.key)
        return self

    def zipped(self) -> bytes:
        """The pack as one file."""
        return zipped(self.files.items())


def zipped(files: Any) -> bytes:
    """Files as a ZIP of stored members."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, data in sorted(files):
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data)
    return out.getvalue()


def checkpoint(log: SmallLog, size: int | None = None, *keys: Key, about: str = "", root: bytes | None = None) -> bytes:
    """A checkpoint of a log at a size, signed by it (and by witnesses); `about` heads, with their root."""
    size = len(log.records) if size is None else size
    root = root_of(log.leaves[:size]) if root is None else root
    return note(f"{log.key.name}{about}\n{size}\n{b64(root)}\n", *(keys or (log.key,)))


def pack_of_log(log: SmallLog, *, since: int | None = None) -> Pack:
    """A pack of the whole log."""
    pack = _begun(log, "log", log.records, since)
    pack.put("proofs.json", {"consistency": _consistency(log, since), "heads": [], "inclusion": {}, "streams": {}})
    pack.put("opened.json", [])
    return pack.seal()


def pack_of_case(log: SmallLog, cases: list[str], *, kind: str = "case", since: int | None = None) -> Pack:
    """A pack of one case, or of several as a sample; some values are open to its reader."""
    streams = {stream for case in cases for stream, _ in log.joined()[case]}
    records = [record for record in log.records if record["stream"] in streams]
    pack = _begun(log, kind, records, since)
    pack.said["subjects"] = cases
    leaves = log.leaves
    buckets = buckets_of(log)
    subjects = [("case", case) for case in cases] + [("stream", stream) for stream in sorted(streams)]
    proofs = {
        "consistency": _consistency(log, since),
        "heads": [_head(buckets, *subject) for subject in subjects],
        "inclusion": {
            str(record["position"]): [b64(each) for each in path_of(record["position"] - 1, leaves)]
            for record in records
        },
        "streams": {case: log.joined()[case] for case in cases},
    }
    pack.put("proofs.json", proofs)
    pack.put("opened.json", _opened(log, records))
    return pack.seal()


def _begun(log: SmallLog, kind: str, records: list[dict[str, Any]], _since: int | None) -> Pack:
    pack = Pack(log)
    pack.said = {
        "format": "incident-ledger-pack/1",
        "kind": kind,
        "log": log.key.name,
        "size": len(log.records),
        "reader": {"organisation": "QA1", "roles": ["auditor"]},
    }
    pack.put_lines([line_of(log, record) for record in records])
    pack.files["checkpoint"] = checkpoint(log, None, log.key, WITNESS)
    pack.files["heads"] = checkpoint(log, about="/heads", root=_map_root(buckets_of(log)))
    pack.files["log.vkey"] = log.key.vkey.encode() + b"\n"
    for name in {record["type"] for record in records}:
        pack.files[f"schemas/{name}.json"] = b"{}"
    pack.files["editions/framework-2024.toml"] = EDITION
    pack.files["README.txt"] = b"read me\n"
    return pack


def line_of(log: SmallLog, record: dict[str, Any]) -> bytes:
    """The line of a record."""
    return rfc8785.dumps({"record": record, "payload": log.payloads[record["position"] - 1]})


def _consistency(log: SmallLog, since: int | None) -> dict[str, Any] | None:
    if since is None:
        return None
    leaves = log.leaves
    return {
        "from": since,
        "root": b64(root_of(leaves[:since])),
        "path": [b64(each) for each in growth_of(since, leaves)],
    }


def _opened(log: SmallLog, records: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Of the values that stand where `what` does, the first half is open and the second erased."""
    with_what = [each["position"] for each in records if "what" in json.loads(log.payloads[each["position"] - 1])]
    half = (len(with_what) + 1) // 2
    opened = [{"position": each, "path": "what", "words": "a bed was \U0001f6cf wet"} for each in with_what[:half]]
    return opened + [{"position": each, "path": "what", "erased": True} for each in with_what[half:]]


def buckets_of(log: SmallLog) -> dict[int, list[tuple[bytes, bytes]]]:
    """The map of heads, by its definition."""
    entries = []
    for stream, records in log.streams().items():
        key = sha256(b"stream\0" + bytes.fromhex(stream.replace("-", "")))
        newest = records[-1]
        entries.append((key, sha256(newest["stream_version"].to_bytes(8, "big") + leaf_hash(newest))))
    for case, pairs in log.joined().items():
        key = sha256(b"case\0" + bytes.fromhex(case.replace("-", "")))
        content = (bytes.fromhex(stream.replace("-", "")) + joined.to_bytes(8, "big") for stream, joined in pairs)
        entries.append((key, sha256(b"".join(content))))
    buckets: dict[int, list[tuple[bytes, bytes]]] = {}
    for key, value in sorted(entries):
        buckets.setdefault(key[0] * 256 + key[1], []).append((key, value))
    return buckets


def _nodes(buckets: dict[int, list[tuple[bytes, bytes]]]) -> list[tuple[dict[int, bytes], bytes]]:
    """Every level of the map, lowest first: the nodes that differ from the empty one, and the empty one."""
    level = {number: sha256(b"\x02" + b"".join(k + v for k, v in pairs)) for number, pairs in buckets.items()}
    empty = bytes(32)
    levels = [(level, empty)]
    for _ in range(16):
        level = {
            number: sha256(b"\x03" + level.get(2 * number, empty) + level.get(2 * number + 1, empty))
            for number in {each // 2 for each in level}
        }
        empty = sha256(b"\x03" + empty + empty)
        levels.append((level, empty))
    return levels


def _map_root(buckets: dict[int, list[tuple[bytes, bytes]]]) -> bytes:
    return _nodes(buckets)[16][0][0]


def _head(buckets: dict[int, list[tuple[bytes, bytes]]], kind: str, subject: str) -> dict[str, Any]:
    digest = sha256(f"{kind}\0".encode() + bytes.fromhex(subject.replace("-", "")))
    bucket = digest[0] * 256 + digest[1]
    levels = _nodes(buckets)[:16]
    siblings = [level.get((bucket >> height) ^ 1, empty) for height, (level, empty) in enumerate(levels)]
    pairs = [[key.hex(), value.hex()] for key, value in buckets.get(bucket, [])]
    return {"kind": kind, "subject": subject, "bucket": pairs, "siblings": [b64(each) for each in siblings]}
