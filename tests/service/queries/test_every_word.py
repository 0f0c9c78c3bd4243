"""Every word that is written can be read: each sealed field of each event stands in some answer."""

from datetime import timedelta
from typing import Any, Final

import pytest

from domain.catalogue.names import ALL
from domain.kernel.envelope import FirstFact
from domain.kernel.personal import Narrative, Personal
from domain.kernel.streams import Kind
from service.store.codec import rewrite_secrets, stored_name
from tests.service.queries.test_schemas import ANSWERS
from tests.support.chronicle import Chronicle, a_chronicle
from tests.support.desk_of_queries import a_query_stand
from tests.support.running.postgres import EMBEDDED, Server
from tests.support.sample_events import an_id, kind_of, sample

KINDS: Final = (Kind.INCIDENT, Kind.EVIDENCE, Kind.CANDOUR, Kind.LEARNING_RESPONSE, Kind.ACTION)


async def _write(chronicle: Chronicle, fact: Any, written: set[str]) -> None:
    def marked(value: Personal | Narrative, path: str) -> Personal | Narrative:
        mark = f"{stored_name(fact)} {path}"
        written.add(mark)
        if isinstance(value, Personal):
            return chronicle.pen.personal(value.about, f"<{mark}>")
        return chronicle.pen.narrative(value.about, f"<{mark}>")

    await chronicle.record(rewrite_secrets(fact, marked), cases=[an_id("incident")], after=timedelta(0))


async def test_every_word_stands_in_some_answer(
    servers: dict[int, Server], tmp_path_factory: pytest.TempPathFactory
) -> None:
    async with a_chronicle(servers[EMBEDDED]) as chronicle:
        written: set[str] = set()
        for kind in KINDS:
            events = sorted((each.event for each in ALL if kind_of(each.event) == kind), key=_goes_on)
            for event in events:
                await _write(chronicle, sample(event), written)
        await chronicle.tell()
        stand = a_query_stand(chronicle, tmp_path_factory.mktemp("words"))
        told = ""
        for path in ANSWERS:
            asked = path
            for name in ("incident", "learning_response", "action"):
                asked = asked.replace(f"{{{name}}}", str(an_id(name)))
            told += (await stand.get(asked)).text

        assert written
        assert {mark for mark in written if f"<{mark}>" not in told} == set()


def _goes_on(event: type[Any]) -> bool:
    return not issubclass(event, FirstFact)
