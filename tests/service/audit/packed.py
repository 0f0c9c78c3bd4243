"""A chronicle with a case in which every sealed field holds a mark, and packs of it as the files that they are."""

import io
import json
import zipfile
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

import httpx

from domain.catalogue.names import ALL
from domain.kernel.actor import Role
from domain.kernel.envelope import FirstFact
from domain.kernel.personal import Narrative, Personal
from domain.kernel.streams import Kind
from service.store.codec import rewrite_secrets, stored_name
from tests.service.queries.audited.sampled import draw_sample
from tests.support.chronicle import Chronicle, named
from tests.support.desk_of_queries import QueryStand
from tests.support.proof.plain_proofs import PlainProofs
from tests.support.sample_events import an_id, kind_of, sample

KINDS: Final = (Kind.INCIDENT, Kind.EVIDENCE, Kind.CANDOUR, Kind.LEARNING_RESPONSE, Kind.ACTION)
CASE: Final = an_id("incident")
"""The case with everything in it."""
OTHER: Final = named("other")
"""A case of ZZ2."""
SAMPLE: Final = named("sample")
HOSTILE: Final = '</script><script>alert("&amp;")</script>'
"""In every mark: a page that does not escape it would run it."""


@dataclass(frozen=True)
class Packed:
    """One pack: its bytes, and its members by name."""

    whole: bytes
    members: dict[str, bytes]

    def json(self, name: str) -> Any:
        """A member that is JSON."""
        return json.loads(self.members[name])

    @property
    def page(self) -> str:
        """The page."""
        return self.members["timeline.html"].decode()


def unpacked(whole: bytes) -> Packed:
    """A pack as anybody opens it."""
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        assert archive.testzip() is None
        return Packed(whole, {name: archive.read(name) for name in archive.namelist()})


@dataclass
class Marked:
    """The application over the chronicle, and every mark with the position and path at which it lies."""

    stand: QueryStand
    chronicle: Chronicle
    proofs: PlainProofs
    marks: dict[tuple[int, str], str] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """The verifier key of the log, which an auditor has by another way than the pack."""
        return self.proofs.signers[0].vkey

    async def ask(self, path: str, *roles: Role, organisation: str = "ZZ1", **query: Any) -> httpx.Response:
        """The answer of `/v1/evidence-packs/`."""
        return await self.stand.get(f"/v1/evidence-packs/{path}", *roles, organisation=organisation, **query)

    async def pack(self, path: str | UUID, *roles: Role, organisation: str = "ZZ1", **query: Any) -> Packed:
        """A pack that is given: to a patient safety manager of ZZ1, unless said otherwise."""
        answer = await self.ask(str(path), *roles, organisation=organisation, **query)
        assert answer.status_code == 200, answer.text
        return unpacked(answer.content)

    async def write(self, fact: Any, *, cases: tuple[UUID, ...] = (CASE,)) -> None:
        """Record a fact in whose sealed fields there are marks."""
        written: dict[str, str] = {}

        def marked(value: Personal | Narrative, path: str) -> Personal | Narrative:
            written[path] = f"<{stored_name(fact)} {path}>{HOSTILE}"
            if isinstance(value, Personal):
                return self.chronicle.pen.personal(value.about, written[path])
            return self.chronicle.pen.narrative(value.about, written[path])

        fact = rewrite_secrets(fact, marked)
        stood = await self.chronicle.record(fact, cases=cases, after=timedelta(0))
        self.marks |= {(stood.last_position, path): words for path, words in written.items()}


async def play(marked: Marked) -> None:
    """Every event that a case can hold, a case of another trust, and a sample that was drawn."""
    for kind in KINDS:
        for event in sorted((each.event for each in ALL if kind_of(each.event) == kind), key=_goes_on):
            await marked.write(sample(event))
    chronicle = marked.chronicle
    other = chronicle.report("other", provider="ZZ2")
    await chronicle.record(other, organisation="ZZ2", cases=[OTHER])
    await chronicle.record(chronicle.report("drawn"), cases=[named("drawn")])
    await draw_sample(chronicle, "sample", decision="a decision", incident="drawn")
    await chronicle.tell()


def _goes_on(event: type[Any]) -> bool:
    return not issubclass(event, FirstFact)
