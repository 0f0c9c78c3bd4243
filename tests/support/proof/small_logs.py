"""Small honest logs, made by the definitions of the standards alone: a verifier is held against these, not against us."""

import base64
import hashlib
import random
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

LOG_TYPE: Final = 1
WITNESS_TYPE: Final = 4


def sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


@dataclass(frozen=True)
class Key:
    """A signing key with the name of its owner, made of a number."""

    name: str
    number: int = 1
    type: int = LOG_TYPE

    @property
    def _private(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(sha256(b"a key of these tests %d" % self.number))

    @property
    def _public(self) -> bytes:
        return bytes([self.type]) + self._private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)

    @property
    def key_id(self) -> bytes:
        return sha256(self.name.encode() + b"\n" + self._public)[:4]

    @property
    def vkey(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{b64(self._public)}"

    def line(self, text: str, *, time: int = 1_790_000_000) -> str:
        """A signature line under a text; `time` is when a witness signs."""
        message, before = text.encode(), b""
        if self.type == WITNESS_TYPE:
            message, before = f"cosignature/v1\ntime {time}\n{text}".encode(), time.to_bytes(8, "big")
        return f"\u2014 {self.name} {b64(self.key_id + before + self._private.sign(message))}\n"


def note(text: str, *keys: Key) -> bytes:
    """A signed note."""
    return (text + "\n" + "".join(key.line(text) for key in keys)).encode()


def leaf_hash(record: dict[str, Any]) -> bytes:
    return sha256(b"\x00" + rfc8785.dumps(record))


def root_of(leaves: list[bytes]) -> bytes:
    """The root by the recursion of RFC 6962."""
    if not leaves:
        return sha256(b"")
    if len(leaves) == 1:
        return leaves[0]
    half = _half(len(leaves))
    return sha256(b"\x01" + root_of(leaves[:half]) + root_of(leaves[half:]))


def path_of(index: int, leaves: list[bytes]) -> list[bytes]:
    """The inclusion path by the recursion of RFC 6962."""
    if len(leaves) <= 1:
        return []
    half = _half(len(leaves))
    if index < half:
        return [*path_of(index, leaves[:half]), root_of(leaves[half:])]
    return [*path_of(index - half, leaves[half:]), root_of(leaves[:half])]


def growth_of(first: int, leaves: list[bytes], *, known: bool = True) -> list[bytes]:
    """The consistency path by the recursion of RFC 6962."""
    if first == len(leaves):
        return [] if known else [root_of(leaves)]
    half = _half(len(leaves))
    if first <= half:
        return [*growth_of(first, leaves[:half], known=known), root_of(leaves[half:])]
    return [*growth_of(first - half, leaves[half:], known=False), root_of(leaves[:half])]


def _half(size: int) -> int:
    return 1 << ((size - 1).bit_length() - 1)


@dataclass
class SmallLog:
    """Records as the tree commits to them, with their payloads; made anew by `rewritten` after a change."""

    origin: str
    key: Key
    records: list[dict[str, Any]] = field(default_factory=list)
    payloads: list[str] = field(default_factory=list)

    @property
    def leaves(self) -> list[bytes]:
        return [leaf_hash(record) for record in self.records]

    def append(self, stream: UUID, cases: list[UUID], payloads: list[str], kind: str = "incident") -> None:
        """One request with its events."""
        version = sum(record["stream"] == str(stream) for record in self.records)
        first, count = len(self.records) + 1, len(payloads)
        moment = f"2026-03-{1 + first // 1000:02}T12:{first // 60 % 60:02}:{first % 60:02}.000001Z"
        request = {
            "key": sha256(b"key %d" % first).hex(),
            "body": sha256(b"body %d" % first).hex(),
            "stream": str(stream),
            "stream_version": version + count,
            "first_position": first,
            "last_position": first + count - 1,
            "recorded_at": moment,
        }
        for number, payload in enumerate(payloads, start=1):
            record = self._record(request, version + number, kind, [str(case) for case in cases])
            self.records.append(record | {"payload_sha256": sha256(payload.encode()).hex()})
            self.payloads.append(payload)

    def _record(self, request: dict[str, Any], version: int, kind: str, cases: list[str]) -> dict[str, Any]:
        stream, position = request["stream"], len(self.records) + 1
        before = next((each for each in reversed(self.records) if each["stream"] == stream), None)
        return {
            "format": "incident-ledger-leaf/1",
            "log": self.origin,
            "position": position,
            "id": _id(position, "event"),
            "stream": stream,
            "stream_version": version,
            "kind": kind,
            "stream_organisation": "RX1",
            "cases": cases,
            "type": f"{kind}.told.v1",
            "organisation": "RX1",
            "actor": _id(1, "actor"),
            "correlation_id": None,
            "causation_id": None,
            "effective_at": "2026-03-01T09:00:00.000000Z",
            "recorded_at": request["recorded_at"],
            "editions": ["framework-2024@" + sha256(b"the text").hex()[:12]] if kind == "incident" else [],
            "build": "",
            "request": request,
            "previous": None if before is None else leaf_hash(before).hex(),
        }

    def streams(self) -> dict[str, list[dict[str, Any]]]:
        """The records of each stream."""
        found: dict[str, list[dict[str, Any]]] = {}
        for record in self.records:
            found.setdefault(record["stream"], []).append(record)
        return found

    def joined(self) -> dict[str, list[list[Any]]]:
        """The streams of each case, with the position of joining."""
        found: dict[str, list[list[Any]]] = {}
        for stream, records in self.streams().items():
            for case in {case for record in records for case in record["cases"]}:
                first = min(record["position"] for record in records if case in record["cases"])
                found.setdefault(case, []).append([stream, first])
        return {case: sorted(pairs, key=lambda pair: (pair[1], pair[0])) for case, pairs in found.items()}

    def chained(self) -> "SmallLog":
        """Each record names the leaf of the one before it in its stream again, after a change of whoever writes them."""
        last: dict[str, bytes] = {}
        for record in self.records:
            before = last.get(record["stream"])
            record["previous"] = None if before is None else before.hex()
            last[record["stream"]] = leaf_hash(record)
        return self


def a_small_log(*, seed: int = 1, requests: int = 12) -> SmallLog:
    """A log of two cases and a stream that is of both, one that is of none, and sealed values here and there."""
    draw = random.Random(seed)
    key = Key(f"incident-ledger/{_id(1, 'event')}")
    log = SmallLog(key.name, key)
    one, two = _uuid(1, "case"), _uuid(2, "case")
    choices = [(one, [one], "incident"), (two, [two], "incident"), (_uuid(3, "stream"), [one, two], "action")]
    log.append(_uuid(9, "stream"), [], ['{"name":"opened"}'], "ledger")
    for stream, cases, kind in choices:
        log.append(stream, sorted(cases), [_payload(draw) for _ in range(draw.randint(1, 3))], kind)
    for _ in range(requests):
        stream, cases, kind = draw.choice(choices)
        log.append(stream, sorted(cases), [_payload(draw) for _ in range(draw.randint(1, 2))], kind)
    return log


def _payload(draw: random.Random) -> str:
    box = {"about": _id(draw.randrange(9), "person"), "key": _id(draw.randrange(9), "key"), "box": f"AQ{draw.random()}"}
    choices: list[dict[str, Any]] = [
        {"harm": "low", "at": "2026-03-01T09:00:00Z"},
        {"what": box, "where": {"place": box, "site": "ward — 4"}},
        {"told": [box, box], "count": 2},
    ]
    return rfc8785.dumps({**draw.choice(choices), "n": draw.randrange(10**6)}).decode()


def _uuid(number: int, kind: str) -> UUID:
    return UUID(bytes=sha256(f"{kind} {number}".encode())[:16], version=4)


def _id(number: int, kind: str) -> str:
    return str(_uuid(number, kind))
