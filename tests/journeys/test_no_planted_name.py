"""No name, number or word of a person is found outside a box: not in the data folder, the tables, logs or problems."""

import asyncio
import base64
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from domain.catalogue.names import ALL
from domain.kernel.actor import Role
from service.settings import Settings
from service.store.codec.classify import Classification, classification_of
from service.store.connect import connect
from service.store.database import open_database
from tests.support.running.people import people_of
from tests.support.running.planted import (
    BORN_ON,
    NHS_NUMBER,
    OPEN_STEM,
    STEM,
    SUBJECTS_AT,
    WHOLE,
    forms_of,
    hashes_of,
    plant,
    plant_in_refusals,
)
from tests.support.running.service import ServiceProcess

SECRETS = sorted(
    (stored.name, path)
    for stored in ALL
    for path, kind in classification_of(stored.event).items()
    if kind is not Classification.PLAIN
)


@dataclass(frozen=True)
class Remains:
    """All that is left after planting: `log` as it is handed out, and bytes by the place where they were found."""

    log: list[dict[str, Any]]
    places: Mapping[str, bytes]

    def places_of(self, *needles: bytes) -> set[str]:
        """Where one of the needles is found, in whatever letters."""
        return {
            place
            for place, found in self.places.items()
            if any(needle in found or needle.lower() in found.lower() for needle in needles)
        }


@pytest.fixture(scope="module")
def remains(service: ServiceProcess) -> Remains:
    """Plant, ask for everything that is open to operators, stop the service, and read the whole home."""
    places = asyncio.run(_plant_and_ask(service))
    places |= asyncio.run(_tables(service.home))
    log = _log(service)
    assert service.stop() == 0
    places["what the process wrote"] = service.output.read_bytes()
    places |= {
        f"home/{path.relative_to(service.home)}": path.read_bytes()
        for path in sorted(service.home.rglob("*"))
        if path.is_file()
    }
    return Remains(log, places)


async def _plant_and_ask(service: ServiceProcess) -> dict[str, bytes]:
    async with people_of(service) as people:
        at = await plant(people)
        refusals = await plant_in_refusals(people, at)
        head = service.head()
        timeline = await people.manager.http.get(f"{at}/timeline", params={"limit": 500, "min_position": head})
        events = await people.auditor.http.get("/v1/events", params={"limit": 500})
        metrics = await people.auditor.http.get("/metrics")
        status = await people.auditor.http.get("/_status")
    assert metrics.status_code == timeline.status_code == events.status_code == 200
    return {
        "problems": refusals,
        "timeline": timeline.content,
        "events": events.content,
        "metrics": metrics.content + status.content,
    }


async def _tables(home: Path) -> dict[str, bytes]:
    """Each table of the ledger's database, in PostgreSQL's binary form: texts and bytes stand in it as they are."""
    found: dict[str, bytes] = {}
    async with open_database(Settings(home=home)) as database:
        connection = await connect(database.owner)
        names = await connection.fetch(
            "select schemaname, tablename from pg_tables where schemaname not in ('pg_catalog', 'information_schema')"
        )
        for schema, table in names:
            rows = bytearray()

            async def keep(part: bytes, rows: bytearray = rows) -> None:
                rows.extend(part)

            await connection.copy_from_table(table, schema_name=schema, output=keep, format="binary")
            found[f"table {schema}.{table}"] = bytes(rows)
        await connection.close()
    return found


def _log(service: ServiceProcess) -> list[dict[str, Any]]:
    log: list[dict[str, Any]] = service.get("/v1/events", service.token([Role.AUDITOR]), limit=500)
    assert log[-1]["position"] == service.head()
    return log


def _at(value: Any, steps: list[str]) -> Iterator[Any]:
    """Every value at a path of the classification, in which a star stands for each entry of a list."""
    if not steps:
        yield value
    elif steps[0] == "*":
        for entry in value:
            yield from _at(entry, steps[1:])
    elif isinstance(value, dict) and steps[0] in value:
        yield from _at(value[steps[0]], steps[1:])


def test_something_is_planted_in_every_sealed_field(remains: Remains) -> None:
    """Otherwise the search would prove nothing about the field that was left out."""
    planted = {
        (event["type"], path)
        for event in remains.log
        if "type" in event
        for name, path in SECRETS
        if name == event["type"] and any(value is not None for value in _at(event["payload"], path.split(".")))
    }
    assert set(SECRETS) - planted == set()


@pytest.mark.parametrize("value", [STEM, NHS_NUMBER, BORN_ON, SUBJECTS_AT])
def test_what_was_planted_is_found_nowhere(remains: Remains, value: str) -> None:
    assert remains.places_of(*forms_of(value)) == set()


@pytest.mark.parametrize("value", WHOLE)
def test_not_even_a_bare_hash_of_it_is_found(remains: Remains, value: str) -> None:
    assert remains.places_of(*hashes_of(value)) == set()


def test_what_is_not_sealed_is_found_by_the_same_search(remains: Remains) -> None:
    """The label of a group and of a site: in the events, in the read models, in the files and in the log of changes."""
    found = remains.places_of(*forms_of(OPEN_STEM))

    assert "events" in found
    assert "table ledger.events" in found
    assert any(place.startswith("table projections.") for place in found)
    assert any(place.startswith("home/pg") and "/base/" in place for place in found)
    assert any("/pg_wal/" in place for place in found)
    assert b'"event":"request"' in remains.places["what the process wrote"]


@pytest.mark.parametrize("form", range(7))
@pytest.mark.parametrize("before", [b"", b"a", b"ab", b"abc"])
def test_the_search_finds_every_form(form: int, before: bytes) -> None:
    raw = STEM.encode()
    hidden = [
        before + raw.lower(),
        before + STEM.encode("utf-16-le"),
        before + STEM.encode("utf-16-be"),
        before + raw.hex().upper().encode(),
        base64.b64encode(before + raw + b"z"),
        base64.urlsafe_b64encode(before + raw),
        base64.b64encode(before + b"{" + raw + b"}"),
    ][form]

    assert Remains([], {"here": hidden}).places_of(*forms_of(STEM)) == {"here"}
