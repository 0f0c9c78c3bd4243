"""A figure worked out again away from the service: from the answers that were kept, and the events that were exported."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest
from typer.testing import CliRunner

from domain.kernel.actor import Role
from service.cli.main import app
from service.reading.audit.lines import LineUnreadableError, told_among, told_of_line
from service.reading.stories import told_of
from service.store.codec import Codec
from tests.service.audit.explanations.figured import LATER, Explainer
from tests.support.desk_of_queries import QueryStand

pytestmark = pytest.mark.asyncio(loop_scope="session")

Change = Callable[[list[dict[str, Any]], list[bytes]], None]


async def kept(figured: QueryStand, folder: Path, change: Change | None = None) -> tuple[int, str]:
    """Keep the pages of an explanation and the whole log, perhaps change something, and work the figure out."""
    pages = await Explainer(figured).pages("timeliness/summary", figure="missed", limit=3, as_of=LATER)
    log = await figured.get("/v1/events", Role.AUDITOR, headers={"Accept": "application/x-ndjson"})
    lines = log.content.splitlines(keepends=True)
    if change is not None:
        change(pages, lines)
    (folder / "events.ndjson").write_bytes(b"".join(lines))
    files = [folder / f"page-{number}.json" for number in range(len(pages))]
    for file, page in zip(files, pages, strict=True):
        file.write_bytes(orjson.dumps(page))
    words = ["recompute", *map(str, files), "--events", str(folder / "events.ndjson")]
    done = CliRunner().invoke(app, words)
    return done.exit_code, done.output


async def test_a_figure_that_holds_says_by_how_many_events(figured: QueryStand, tmp_path: Path) -> None:
    code, said = await kept(figured, tmp_path)

    assert (code, said) == (0, "holds: missed of timeliness/summary is 4, by 8 events\n")


def lost_page(pages: list[dict[str, Any]], _lines: list[bytes]) -> None:
    pages.pop()


def lost_event(pages: list[dict[str, Any]], lines: list[bytes]) -> None:
    lines.pop(pages[-1]["grounds"][-1]["position"] - 1)


def not_json(_pages: list[dict[str, Any]], lines: list[bytes]) -> None:
    lines[0] = b"not an event\n"


def another_version(pages: list[dict[str, Any]], _lines: list[bytes]) -> None:
    for page in pages:
        page["projections"] = [{"name": "timeliness", "version": 1}]


def another_value(pages: list[dict[str, Any]], _lines: list[bytes]) -> None:
    for page in pages:
        page["value"] = 3


def another_edition(pages: list[dict[str, Any]], _lines: list[bytes]) -> None:
    for page in pages:
        page["editions"] = [{"name": "sif-2015", "digest": "1"}]


def another_due_moment(pages: list[dict[str, Any]], lines: list[bytes]) -> None:
    [opened] = {each["position"] for each in pages[-1]["grounds"] if each["role"] == "opens"}
    event = orjson.loads(lines[opened - 1])
    event["payload"]["terms"]["due_at"] = "2099-01-01T00:00:00Z"
    lines[opened - 1] = orjson.dumps(event) + b"\n"


@pytest.mark.parametrize(
    ("change", "code", "said"),
    [
        (lost_page, 2, "could not check: there are 8 grounds"),
        (lost_event, 2, "could not check: the event at position"),
        (not_json, 2, "could not check: a line of the events is no event"),
        (another_version, 2, "could not check: it was worked out by timeliness:1, and this program has timeliness:"),
        (another_value, 1, "does not hold: missed of timeliness/summary is stated as 3, and its events say 4"),
        (another_edition, 1, "does not hold: editions"),
        (another_due_moment, 1, "does not hold: "),
    ],
)
async def test_what_was_lost_or_changed_is_told(
    figured: QueryStand, tmp_path: Path, change: Change, code: int, said: str
) -> None:
    ended, output = await kept(figured, tmp_path, change)

    assert ended == code
    assert output.startswith(said)


async def test_an_event_reads_alike_from_the_log_and_from_a_pack(figured: QueryStand) -> None:
    stored = await figured.chronicle.ledger.read_all(after=10, limit=30)
    log = await figured.get("/v1/events", Role.COMMISSIONER, organisation="ZZQ", after=10, limit=30)
    told = told_of(stored, Codec())

    for event, own, line in zip(stored, told, log.json(), strict=True):
        payload = line.pop("payload")
        packed = {"record": {**line, "kind": event.kind}, "payload": event.payload.decode()}
        for each in ({**line, "payload": payload}, packed):
            read = told_of_line(orjson.dumps(each))
            assert (read.position, read.stream, read.fact, read.kind) == (own.position, own.stream, own.fact, own.kind)
            assert (read.effective_at, read.recorded_at) == (own.effective_at, own.recorded_at)


async def test_a_stub_is_no_event() -> None:
    with pytest.raises(LineUnreadableError):
        told_of_line(b'{"position": 7, "stub": true}')
    assert told_among([b'{"position": 7, "stub": true}\n', b"\n"], {8}) == []
