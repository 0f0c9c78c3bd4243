"""How an explanation is asked for: for whom, page by page, reproduced to the byte, by one version, and written down."""

from copy import copy
from pathlib import Path
from typing import Any, cast
from uuid import UUID

import pytest

from domain.kernel.actor import Role
from domain.kernel.streams import organisation_stream
from domain.kernel.words import OdsCode
from domain.organisation.events import ProviderCommissioned
from projections.explaining.pages import PagesIncompleteError, joined
from projections.timeliness.model import MODEL as TIMELINESS
from service.reading.audit import explanations
from service.store.ledger import Ledger, LedgerEvent
from tests.service.audit.explanations.figured import LATER, Explainer
from tests.support.chronicle import named
from tests.support.desk_of_queries import QueryStand, a_query_stand

pytestmark = pytest.mark.asyncio(loop_scope="session")

CLOCKS = "timeliness/summary"
EXPLAIN = f"/v1/{CLOCKS}/explain"


async def test_an_explanation_says_everything_that_the_figure_was_worked_out_with(figured: QueryStand) -> None:
    asked = Explainer(figured)
    said = await asked.explained(CLOCKS, figure="missed", rule="PSIRF-06", as_of=LATER)

    assert (said.summary, said.figure, said.value) == (CLOCKS, "missed", 1)
    assert said.definition.startswith("The number of clocks whose due moment passed")
    assert [str(each) for each in said.projections] == [f"timeliness:{TIMELINESS.version}"]
    assert said.filters == {"rule": "PSIRF-06"}
    assert (said.rules, said.calendars) == (("PSIRF-06",), ("england-2027",))
    assert [(each.name, each.digest) for each in said.editions] == [("psirf-2022", "1")]
    assert said.reader.organisations == ("ZZ1",)
    assert (said.subjects.kind, said.subjects.total, said.population.rows) == ("clock", 1, 5)
    assert [(ground.type, ground.role) for ground in said.grounds] == [
        ("incident.reported.v1", "reports"),
        ("incident.duty_opened.v1", "opens"),
    ]
    assert {ground.incident for ground in said.grounds} == {named("moved")}
    assert said.known_at == (await figured.chronicle.ledger.head()).position


async def test_each_event_is_named_with_what_it_does(figured: QueryStand) -> None:
    asked = Explainer(figured)
    roles: dict[str, list[str]] = {}
    for status in ("met", "paused", "met_late", "not_applicable", "set_aside_late", "running"):
        said = await asked.explained(CLOCKS, figure=status, as_of=LATER)
        roles[status] = sorted({ground.role for ground in said.grounds} - {"reports", "opens"})

    assert roles == {
        "met": ["meets"],
        "paused": ["pauses"],
        "met_late": ["meets"],
        "not_applicable": ["enters_in_error", "sets_aside"],
        "set_aside_late": ["sets_aside"],
        "running": ["extends", "resumes"],
    }


async def test_of_two_facts_that_would_meet_a_duty_the_one_that_did_is_named(figured: QueryStand) -> None:
    said = await Explainer(figured).explained(CLOCKS, figure="met", as_of=LATER)
    [clock] = await Explainer(figured).ok("/v1/timeliness", incident=str(named("met")), status="met")

    [meeting] = [ground.position for ground in said.grounds if ground.role == "meets"]
    events = {event.position: event for event in await Explainer(figured).events(said)}
    assert events[meeting].effective_at.isoformat().replace("+00:00", "Z") == clock["met_at"]


async def test_a_commissioner_s_explanation_names_who_is_commissioned(figured: QueryStand) -> None:
    asked = Explainer(figured, (Role.COMMISSIONER,), "ZZQ")
    said = await asked.explained(CLOCKS, figure="clocks", commissioner="ZZQ", provider="ZZ2", as_of=LATER)
    relations = [event.position for event in await asked.events(said) if isinstance(event.fact, ProviderCommissioned)]
    told = await figured.chronicle.ledger.read_stream(organisation_stream(OdsCode("ZZ2")))

    assert [each.name for each in said.projections] == ["timeliness", "organisation_register"]
    assert {ground.role for ground in said.grounds} == {"reports", "opens", "registers", "commissions"}
    assert relations == [told[-1].position], "the relation that holds, and not the one that has ended"


async def test_a_figure_of_nothing_rests_on_no_event_and_says_what_was_looked_at(figured: QueryStand) -> None:
    said = await Explainer(figured).explained(CLOCKS, figure="overdue", rule="PSIRF-06", as_of=LATER)

    assert (said.value, said.grounds, said.positions.total, said.subjects.total) == (0, (), 0, 0)
    assert said.population.rows == 5


async def test_what_chooses_a_line_changes_nothing_about_what_was_looked_at(figured: QueryStand) -> None:
    asked = Explainer(figured)
    whole = await asked.explained(CLOCKS, figure="clocks")
    line = await asked.explained(CLOCKS, figure="clocks", status="met", title="Tell the commissioner")

    assert whole.population == line.population
    assert line.subjects.total < whole.subjects.total == whole.population.rows


async def test_the_population_is_what_the_summary_itself_looks_at(figured: QueryStand) -> None:
    """Narrowed by a commissioner to nothing; and of decisions those that stand, of cases that are no mistake."""
    asked = Explainer(figured, (Role.COMMISSIONER,), "ZZQ")
    nobody = await asked.explained(CLOCKS, figure="clocks", commissioner="ZZ9")
    said = await asked.ok("/v1/threshold-decisions/agreement")
    decided = await asked.explained("threshold-decisions/agreement", figure="overall.pairs")

    assert (nobody.value, nobody.population.rows) == (0, 0)
    assert decided.population.rows == said["decisions"]


async def test_nobody_is_shown_an_event_that_they_may_not_see(figured: QueryStand) -> None:
    every = await Explainer(figured, (Role.COMMISSIONER,), "ZZQ").explained(CLOCKS, figure="clocks")
    own = await Explainer(figured).explained(CLOCKS, figure="clocks")
    none = await Explainer(figured, (Role.REPORTER,)).explained(CLOCKS, figure="clocks")

    assert {ground.position for ground in own.grounds} < {ground.position for ground in every.grounds}
    assert {event.organisation for event in await Explainer(figured).events(own)} == {"ZZ1"}
    assert (none.value, none.grounds, none.population.rows) == (0, (), 0)


@pytest.mark.parametrize("limit", [1, 3, 500])
async def test_pages_make_the_same_explanation_however_they_are_cut(figured: QueryStand, limit: int) -> None:
    asked = Explainer(figured)
    pages = await asked.pages(CLOCKS, figure="missed", limit=limit, as_of=LATER)

    assert all(len(page["grounds"]) <= limit for page in pages)
    assert joined(pages) == await asked.explained(CLOCKS, figure="missed", as_of=LATER)


async def test_who_has_not_every_page_is_told_so(figured: QueryStand) -> None:
    pages = await Explainer(figured).pages(CLOCKS, figure="missed", limit=3, as_of=LATER)
    other = await Explainer(figured).pages(CLOCKS, figure="clocks", limit=3, as_of=LATER)
    swapped = {**pages[0], "grounds": [*pages[0]["grounds"][:-1], pages[1]["grounds"][-1]]}

    later = [pages[0], *({**page, "as_of": "2030-01-01T00:00:00Z"} for page in pages[1:])]

    for wrong in ([], pages[1:], [*pages, pages[0]], [pages[0], *other[1:]], [swapped, *pages[1:]], later):
        with pytest.raises(PagesIncompleteError):
            joined(wrong)


async def test_a_cursor_belongs_to_one_explanation(figured: QueryStand) -> None:
    [first, *_] = await Explainer(figured).pages(CLOCKS, figure="missed", limit=1, as_of=LATER)
    cursor = first["next"].split("cursor=")[1]

    other = await figured.get(f"{EXPLAIN}?figure=clocks&limit=1&cursor={cursor}", Role.AUDITOR)
    assert (other.status_code, other.json()["code"]) == (400, "request.cursor-invalid")


async def test_the_same_pin_gives_the_same_bytes_though_the_ledger_has_grown(
    figured: QueryStand, tmp_path: Path
) -> None:
    """Position 20 has been left behind by every event after it; a fresh application knows nothing kept in memory."""
    query: dict[str, Any] = {"figure": "clocks", "as_known_at": "20", "as_of": LATER}
    once = await figured.get(EXPLAIN, Role.AUDITOR, **query)
    again = await a_query_stand(figured.chronicle, tmp_path).get(EXPLAIN, Role.AUDITOR, **query)

    assert once.json()["known_at"] == 20
    assert max(ground["position"] for ground in once.json()["grounds"]) <= 20
    assert once.content == again.content


async def test_a_figure_of_the_past_is_the_one_of_the_summary_then(figured: QueryStand) -> None:
    asked = Explainer(figured)
    events = await figured.chronicle.ledger.read_all(after=0, limit=500)
    [completed] = [event.position for event in events if event.type == "action.completed.v1"]
    for position in (12, 25, completed - 1):
        for summary, figure in ((CLOCKS, "clocks"), ("actions/summary", "actions")):
            lines = await asked.ok(f"/v1/{summary}", as_known_at=position)
            said = await asked.explained(summary, figure=figure, as_known_at=position)
            assert said.value == sum(line[figure] for line in lines)


async def test_another_version_of_the_projection_is_a_conflict_that_names_both(figured: QueryStand) -> None:
    live = f"timeliness:{TIMELINESS.version}"
    same = await figured.get(EXPLAIN, Role.AUDITOR, figure="clocks", projection=live)
    other = await figured.get(EXPLAIN, Role.AUDITOR, figure="clocks", projection="timeliness:1")
    none = await figured.get(EXPLAIN, Role.AUDITOR, figure="clocks", projection="worklist:1")

    assert same.status_code == 200
    assert (other.status_code, other.json()["code"]) == (409, "projection.other-version")
    assert "timeliness:1" in other.json()["detail"]
    assert live in other.json()["detail"]
    assert (none.status_code, none.json()["code"]) == (400, "request.parameter-invalid")


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ({"figure": "nothing"}, "?figure"),
        ({"figure": "clocks", "projection": "timeliness"}, "?projection"),
        ({"figure": "clocks", "limit": "0"}, "?limit"),
        ({"figure": "clocks", "sense": "none"}, "?sense"),
    ],
)
async def test_what_cannot_be_asked_is_refused(figured: QueryStand, query: dict[str, Any], pointer: str) -> None:
    answer = await figured.get(EXPLAIN, Role.AUDITOR, **query)

    assert answer.status_code == 400
    assert [each["pointer"] for each in answer.json()["errors"]] == [pointer]


@pytest.mark.parametrize(
    ("figure", "missing"),
    [("pairwise.kappa", ["?first", "?second"]), ("over_time.alpha", ["?financial_year", "?quarter"])],
)
async def test_a_figure_of_which_there_are_several_must_be_chosen(
    figured: QueryStand, figure: str, missing: list[str]
) -> None:
    answer = await figured.get("/v1/threshold-decisions/agreement/explain", Role.AUDITOR, figure=figure)

    assert (answer.status_code, [each["pointer"] for each in answer.json()["errors"]]) == (400, missing)


async def test_an_incident_outside_the_scope_has_no_figures(figured: QueryStand) -> None:
    answer = await figured.get(f"/v1/incidents/{named('theirs')}/explain", Role.AUDITOR, figure="actions")

    assert answer.status_code == 404


async def test_a_figure_of_too_many_rows_is_explained_in_parts(
    figured: QueryStand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(explanations, "ROWS_MOST", 2)

    whole = await figured.get(EXPLAIN, Role.AUDITOR, figure="clocks")
    part = await figured.get(EXPLAIN, Role.AUDITOR, figure="clocks", status="met")

    assert (whole.status_code, whole.json()["code"]) == (422, "explanation.too-large")
    assert part.status_code == 200


class Shortened:
    """A ledger that has lost the newest event of every case, and keeps everything else."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def __getattr__(self, name: str) -> Any:
        return getattr(self._ledger, name)

    async def read_case(self, case: UUID, *, up_to: int | None = None) -> list[LedgerEvent]:
        return (await self._ledger.read_case(case, up_to=up_to))[:-1]


async def test_a_row_that_does_not_follow_from_its_events_is_not_explained_away(
    figured: QueryStand, tmp_path: Path
) -> None:
    chronicle = copy(figured.chronicle)
    chronicle.queries = copy(chronicle.queries)
    chronicle.queries.ledger = cast("Ledger", Shortened(chronicle.ledger))
    damaged = a_query_stand(chronicle, tmp_path)

    answer = await damaged.get(EXPLAIN, Role.AUDITOR, figure="met_recorded_late", as_of=LATER)

    assert (answer.status_code, answer.json()["code"]) == (500, "explanation.unfounded")


async def test_an_explanation_is_a_read_of_every_case_that_it_names(figured: QueryStand) -> None:
    """And of no other; a page names its own, and an answer that shows nothing new is no read."""
    kept = figured.reads.kept
    before = len(kept)
    first = await figured.get(EXPLAIN, Role.AUDITOR, figure="missed", as_of=LATER, limit=2)
    [record] = kept[before:]

    assert {str(case) for case in record.cases} == {ground["incident"] for ground in first.json()["grounds"]}
    tag = {"If-None-Match": first.headers["ETag"]}
    again = await figured.get(
        f"{EXPLAIN}?figure=missed&as_of={LATER.replace('+', '%2B')}&limit=2", Role.AUDITOR, headers=tag
    )
    await figured.get(EXPLAIN, Role.AUDITOR, figure="overdue", rule="PSIRF-06", as_of=LATER)

    assert again.status_code == 304
    assert len(kept) == before + 1
