"""The page of a pack: readable by anybody, without a script or a network, every text escaped, nothing called empty that is not."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from domain.incident.events import IncidentNotified
from domain.kernel.actor import Role
from domain.kernel.words import Code, OdsCode, RecordId
from domain.policy.questions import Outcome
from tests.service.audit.packed import CASE, HOSTILE, SAMPLE, Marked
from tests.service.queries.written import a_decision
from tests.support.chronicle import Chronicle, named, opened_duty
from tests.support.read_models.projections import envelope

pytestmark = pytest.mark.asyncio(loop_scope="module")

EMPTY = {"meta", "br"}
SUMMER = datetime(2025, 7, 1, 22, 30, tzinfo=UTC)


class Read(HTMLParser):
    """A page as a browser takes it apart: its elements, their attributes, and the text outside of styles."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self._open: list[str] = []
        self.feed(page)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in EMPTY:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag, f"{tag} closes another element"

    def handle_data(self, data: str) -> None:
        if "style" not in self._open:
            self.text += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        """The attributes of each element of a name."""
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.mark.parametrize("role", [Role.PATIENT_SAFETY_MANAGER, Role.AUDITOR])
@pytest.mark.parametrize("path", [str(CASE), f"samples/{SAMPLE}"])
async def test_it_is_whole_and_needs_nothing_from_outside(marked: Marked, path: str, role: Role) -> None:
    read = Read((await marked.pack(path, role)).page)

    names = {name for name, _ in read.elements}
    assert not names & {"script", "link", "img", "iframe", "object", "embed", "form", "base", "svg"}
    assert not [attributes for _, attributes in read.elements if {"src", "srcset", "style"} & set(attributes)]
    assert not [name for _, attributes in read.elements for name in attributes if name.startswith("on")]
    assert {attributes["href"] for attributes in read.all("a")} == {"#main"}
    policy = [each["content"] for each in read.all("meta") if each.get("http-equiv") == "Content-Security-Policy"]
    assert policy == ["default-src 'none'; style-src 'unsafe-inline'"]


@pytest.mark.parametrize("path", [str(CASE), f"samples/{SAMPLE}"])
async def test_it_can_be_read_by_everybody(marked: Marked, path: str) -> None:
    read = Read((await marked.pack(path)).page)

    assert read.all("html") == [{"lang": "en-GB"}]
    assert len(read.all("title")) == len(read.all("h1")) == len(read.all("main")) == 1
    assert len(read.all("caption")) == len(read.all("table")) > 0
    assert {each.get("scope") for each in read.all("th")} == {"row", "col"}
    ids = [str(attributes["id"]) for _, attributes in read.elements if "id" in attributes]
    assert [name for name, count in Counter(ids).items() if count > 1] == []
    assert {attributes["aria-labelledby"] for _, attributes in read.elements if "aria-labelledby" in attributes} < set(
        ids
    )
    levels = [int(name[1]) for name, _ in read.elements if name in {"h1", "h2", "h3", "h4"}]
    assert all(after - before <= 1 for before, after in pairwise(levels))


async def test_what_people_wrote_is_text_whatever_it_looks_like(marked: Marked) -> None:
    pack = await marked.pack(CASE)

    text = Read(pack.page).text
    assert HOSTILE not in pack.page
    assert {words for words in marked.marks.values() if words not in text} == set()


async def test_each_event_is_told_in_its_sentence_with_its_position(marked: Marked) -> None:
    pack = await marked.pack(CASE, Role.AUDITOR)
    told = await marked.stand.ok(f"/v1/incidents/{CASE}/timeline", limit=500)

    text = Read(pack.page).text
    assert [line["sentence"] for line in told if line["sentence"] not in text] == []
    assert [line["position"] for line in told if f'<th scope="row">{line["position"]}</th>' not in pack.page] == []
    assert {line["actor"] for line in told if line["actor"] not in text} == set()


async def test_what_is_sealed_is_marked_as_often_as_it_is_there(marked: Marked) -> None:
    pack = await marked.pack(CASE, Role.AUDITOR)

    story = pack.page.split("<h3>The story</h3>")[1]
    assert story.count('<span class="mark">sealed</span></dd>') == len(marked.marks)
    assert "<dd></dd>" not in pack.page


async def test_clocks_say_when_they_were_due_how_they_stand_and_with_which_force(marked: Marked) -> None:
    await _clocked(marked.chronicle)

    read = Read((await marked.pack(named("clocked"), Role.AUDITOR)).page)
    text = " ".join(read.text.split())
    assert "PSIRF-01 of psirf-2022@1: national, text not yet checked." in text
    assert "1 July 2025 at 23:30 (22:30:00 UTC)" in text, "the clock in London, and UTC"
    for how in ("met in time", "overdue (1 day over): missed", "running", "not met; the rule gives no number of days"):
        assert how in text
    assert "safeguarding met: neglect, adult at risk under psirf-2022@1" in text


async def test_times_of_the_page_carry_utc(marked: Marked) -> None:
    read = Read((await marked.pack(CASE)).page)

    assert all(str(each["datetime"]).endswith("Z") for each in read.all("time"))


async def test_a_sample_shows_how_it_was_drawn(marked: Marked) -> None:
    pack = await marked.pack(f"samples/{SAMPLE}")

    sample = pack.json("pack.json")["sample"]
    text = Read(pack.page).text
    for name in ("id", "seed", "seed_hash", "population_digest", "beacon"):
        assert sample[name] in text
    assert all(each in text for each in (*sample["decisions"], *sample["incidents"]))


async def _clocked(chronicle: Chronicle) -> None:
    """A case that was found in summer, with one clock of each kind."""
    case = named("clocked")
    await chronicle.record(chronicle.report("clocked", discovered_at=SUMMER), cases=[case])
    due = {
        "in time": chronicle.clock + timedelta(days=1),
        "late": chronicle.clock - timedelta(days=1),
        "ahead": chronicle.clock + timedelta(days=9),
    }
    other = {"met_by": (Code("incident.notified:icb"),)}
    await chronicle.record(opened_duty("in time", "clocked", due_at=due["in time"]), cases=[case])
    await chronicle.record(opened_duty("over", "clocked", due_at=due["late"], **other), cases=[case])
    await chronicle.record(opened_duty("ahead", "clocked", due_at=due["ahead"], **other), cases=[case])
    await chronicle.record(opened_duty("numberless", "clocked", due_at=None, **other), cases=[case])
    notified = IncidentNotified(
        **envelope(case, at=chronicle.clock),
        notification=RecordId(named("clocked notification")),
        recipient=Code("commissioner"),
        organisation=OdsCode("ZZQ"),
        purpose=Code("never_event"),
        channel=Code("telephone"),
        receipt=None,
    )
    await chronicle.record(notified, cases=[case])
    decided = a_decision("clocked", "clocked decision", Outcome.MET)
    reasons = chronicle.pen.narrative(case, "Because")
    await chronicle.record(replace(decided, reasons=reasons, decider=None), cases=[case])
