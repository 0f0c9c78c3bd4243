"""Every decision as a list, and decisions from the same facts compared: by decider, site and provider."""

import csv
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from io import StringIO
from typing import Any, Final

import pytest
import pytest_asyncio

from domain.incident.events import IncidentEnteredInError
from domain.kernel.actor import Role
from domain.kernel.words import Code, Label
from domain.policy.assessing.assessed import Assessed
from domain.policy.facts import FactName
from domain.policy.questions import Outcome
from tests.projections.threshold_decisions.made import assessed, decided, known
from tests.support.chronicle import Chronicle, a_chronicle, commissioned, named
from tests.support.desk_of_queries import QueryStand, a_query_stand
from tests.support.read_models.projections import envelope
from tests.support.running.postgres import EMBEDDED, Server

pytestmark = pytest.mark.asyncio(loop_scope="module")

DECISIONS, AGREEMENT = "/v1/threshold-decisions", "/v1/threshold-decisions/agreement"
DIED: Final = assessed(known(FactName.DIED, value=True, patient=1), outcome=Outcome.MET)
HURT: Final = assessed(known(FactName.DIED, value=False, patient=1), missing=(FactName.DETAINED,))
MET, NOT = Outcome.MET, Outcome.NOT_MET
COMMISSIONER: Final = {"organisation": "ZZQ"}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def made(servers: dict[int, Server], tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[QueryStand]:
    """Anna decides at the North site, Ben at the South, both of ZZ1; Cleo at ZZ2."""
    async with a_chronicle(servers[EMBEDDED]) as chronicle:
        await chronicle.record(commissioned("ZZ2", "ZZQ"), organisation="ZZ2")  # this time with no end
        await _decide(chronicle, 1, "Anna", MET, DIED)
        await _decide(chronicle, 2, "Ben", NOT, DIED, site="South site", departure="The family agreed")
        await _decide(chronicle, 3, "Anna", NOT, HURT)
        await _decide(chronicle, 4, "Ben", NOT, HURT, site="South site", after=timedelta(days=40))
        await _decide(chronicle, 5, "Cleo", MET, DIED, provider="ZZ2")
        await _decide(chronicle, 6, "Cleo", MET, HURT, provider="ZZ2")
        await _decide(chronicle, 7, "Ben", MET, None)
        again = decided(8, NOT, HURT, case=named("case 7"), at=chronicle.clock)
        reasons = chronicle.pen.narrative(named("case 7"), "Because")
        await chronicle.record(replace(again, reasons=reasons), actor="Anna")
        await _decide(chronicle, 9, "Cleo", NOT, DIED, provider="ZZ2")
        why = chronicle.pen.narrative(named("case 9"), "A test")
        await chronicle.record(IncidentEnteredInError(**envelope(named("case 9")), reason=why), organisation="ZZ2")
        await chronicle.tell()
        yield a_query_stand(chronicle, tmp_path_factory.mktemp("decided"))


async def _decide(
    chronicle: Chronicle,
    number: int,
    who: str,
    outcome: Outcome,
    said: Assessed | None,
    *,
    provider: str = "ZZ1",
    site: str = "North site",
    departure: str | None = None,
    after: timedelta = timedelta(minutes=1),
) -> None:
    name = f"case {number}"
    report = chronicle.report(name, provider=provider)
    report = replace(report, location=replace(report.location, site=Label(site)))
    await chronicle.record(report, organisation=provider, cases=[named(name)], after=after)
    fact = decided(number, outcome, said, case=named(name), at=chronicle.clock, by=provider)
    pen = chronicle.pen
    fact = replace(
        fact,
        criteria=(Code("PSIRF-02"), Code("PSIRF-03")),
        reasons=pen.narrative(named(name), "Because"),
        departure=None if departure is None else pen.narrative(named(name), departure),
    )
    await chronicle.record(fact, organisation=provider, actor=who)


def numbered(rows: list[dict[str, Any]]) -> list[int]:
    """Which decisions these are."""
    return [int(row["id"][-4:], 16) for row in rows]


async def asked(stand: QueryStand, **query: str) -> list[int]:
    return numbered(await stand.ok(DECISIONS, **query))


async def test_decisions_are_listed_newest_first_replaced_ones_too(made: QueryStand) -> None:
    assert await asked(made) == [8, 7, 4, 3, 2, 1]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"outcome": "not_met"}, [8, 4, 3, 2]),
        ({"question": "serious_incident"}, [8, 7, 4, 3, 2, 1]),
        ({"question": "never_event"}, []),
        ({"departs": "true"}, [2]),
        ({"departs": "false", "outcome": "met"}, [7, 1]),
        ({"agrees": "true"}, [8, 4, 3, 1]),
        ({"agrees": "false"}, [2]),
        ({"assessed_outcome": "met"}, [2, 1]),
        ({"current": "false"}, [7]),
        ({"site": "South site"}, [4, 2]),
        ({"division": "Surgery", "specialty": "urology", "current": "true"}, [8, 4, 3, 2, 1]),
        ({"provider": "ZZ1", "financial_year": "2025/26"}, [3, 2, 1]),
        ({"financial_year": "2026/27", "quarter": "Q1"}, [8, 7, 4]),
        ({"incident": str(named("case 7"))}, [8, 7]),
        ({"decider": str(named("Ben"))}, [7, 4, 2]),
        ({"decided_by": "ZZ1", "outcome": "met"}, [7, 1]),
        ({"entered_in_error": "true"}, []),
        ({"regime": "sif-2015"}, []),
        ({"provider": "ZZ2"}, []),
    ],
)
async def test_decisions_are_found_by_what_they_are(made: QueryStand, query: dict[str, str], found: list[int]) -> None:
    assert await asked(made, **query) == found


async def test_decisions_from_the_same_facts_are_found_by_their_fingerprint(made: QueryStand) -> None:
    rows = {number: row for row in await made.ok(DECISIONS) for number in numbered([row])}
    died, hurt = rows[1]["deciding_facts"], rows[3]["deciding_facts"]

    assert await asked(made, deciding_facts=died) == [2, 1]
    assert await asked(made, deciding_facts=hurt) == [8, 4, 3]
    assert rows[7]["deciding_facts"] is None
    assert rows[1]["facts"] == "patient1.died=true"
    assert (rows[3]["missing"], rows[3]["criteria"]) == ("detained", "PSIRF-02 PSIRF-03")
    assert (rows[2]["departs"], rows[2]["has_departure_reason"]) == (True, True)
    assert (rows[7]["current"], rows[7]["replaced_by"]) == (False, rows[8]["id"])
    assert rows[1]["provider_name"] == "First Trust"


async def test_nothing_that_anybody_wrote_is_in_the_list(made: QueryStand) -> None:
    text = (await made.get(DECISIONS)).text

    assert "The family agreed" not in text
    assert "Because" not in text


async def test_the_whole_list_is_answered_as_csv(made: QueryStand) -> None:
    answer = await made.get(DECISIONS, headers={"Accept": "text/csv"}, current="true")

    rows = list(csv.DictReader(StringIO(answer.text)))
    assert len(rows) == 5
    assert {row["provider"] for row in rows} == {"ZZ1"}
    assert rows[-1]["outcome"] == "met"


async def test_what_was_decided_later_was_not_known_then(made: QueryStand) -> None:
    [seven] = await made.ok(DECISIONS, incident=str(named("case 7")), as_known_at=21)

    assert (numbered([seven]), seven["current"], seven["replaced_by"]) == ([7], True, None)


async def test_a_decision_about_a_report_entered_in_error_stays_in_the_list(made: QueryStand) -> None:
    rows = await made.ok(DECISIONS, Role.AUDITOR, organisation="ZZ2", entered_in_error="true")

    assert numbered(rows) == [9]


async def test_a_commissioner_lists_the_decisions_of_one_that_it_commissions(made: QueryStand) -> None:
    rows = await made.ok(DECISIONS, Role.COMMISSIONER, organisation="ZZQ", commissioner="ZZQ", provider="ZZ1")

    assert {row["provider"] for row in rows} == {"ZZ1"}


async def test_deciders_of_one_provider_are_compared_within_it(made: QueryStand) -> None:
    """Anna and Ben: met and not met of a death; not met and not met of the rest, where Anna decided once more."""
    said = await made.ok(AGREEMENT, Role.AUDITOR, question="serious_incident", by="decider")

    assert (said["by"], said["decisions"], said["without_facts"]) == ("decider", 5, 0)
    overall = said["overall"]
    assert (overall["fact_groups"], overall["raters"], overall["decisions"]) == (2, 2, 5)
    assert (overall["pairs"], overall["pairs_agreeing"], overall["percent_agreement"]) == (3, 2, 66.7)
    [pair] = said["pairwise"]["items"]
    assert {pair["first"], pair["second"]} == {str(named("Anna")), str(named("Ben"))}
    assert (pair["items"], pair["items_agreeing"], pair["kappa"]) == (2, 1, 0.0)
    assert said["library"].startswith("nltk ")
    assert "Krippendorff" in said["overall_statistic"]
    assert "Cohen" in said["pairwise_statistic"]


async def test_the_pair_that_differs_is_shown_with_both_decisions(made: QueryStand) -> None:
    differing = (await made.ok(AGREEMENT, question="serious_incident"))["differing"]

    [pair] = differing["items"]
    assert differing["total"] == 1
    assert pair["facts"] == ["patient1.died=true"]
    first, second = pair["first"], pair["second"]
    assert numbered([{"id": first["decision_id"]}, {"id": second["decision_id"]}]) == [1, 2]
    assert (first["incident_id"], second["incident_id"]) == (str(named("case 1")), str(named("case 2")))
    assert (first["outcome"], second["outcome"]) == ("met", "not_met")
    assert (first["site"], second["site"]) == ("North site", "South site")
    assert (first["decider"], second["decider"]) == (str(named("Anna")), str(named("Ben")))
    assert first["decided_at"].endswith("Z")


async def test_sites_are_compared_by_their_names_within_their_provider(made: QueryStand) -> None:
    said = await made.ok(AGREEMENT, by="site")

    [pair] = said["pairwise"]["items"]
    assert (pair["first"], pair["second"]) == ("ZZ1 North site", "ZZ1 South site")
    across = await made.ok(AGREEMENT, Role.COMMISSIONER, by="site", **COMMISSIONER)
    assert {pair["first"] for pair in across["pairwise"]["items"]} == {"ZZ1 North site", "ZZ1 South site"}
    assert across["pairwise"]["total"] == 3


async def test_providers_are_compared_by_who_may_see_both(made: QueryStand) -> None:
    """ZZQ commissions both; what it compares, neither of them can."""
    own = await made.ok(AGREEMENT, Role.AUDITOR, by="provider")
    across = await made.ok(AGREEMENT, Role.COMMISSIONER, by="provider", **COMMISSIONER)

    assert (own["overall"]["fact_groups"], own["differing"]["total"]) == (0, 0)
    assert across["overall"]["fact_groups"] == 2
    # died: met, not met / met; hurt: not met three times / met
    # and what was decided about a report entered in error counts for nothing
    assert (across["overall"]["pairs"], across["overall"]["pairs_agreeing"]) == (5, 1)
    assert {pair["first"]["provider"] for pair in across["differing"]["items"]} <= {"ZZ1", "ZZ2"}


async def test_replaced_decisions_are_compared_where_that_is_asked(made: QueryStand) -> None:
    said = await made.ok(AGREEMENT, replaced="true")

    assert (said["decisions"], said["without_facts"]) == (6, 1)


async def test_each_quarter_has_figures_of_its_own(made: QueryStand) -> None:
    quarters = (await made.ok(AGREEMENT, by="decider"))["over_time"]

    assert [(each["financial_year"], each["quarter"], each["pairs"]) for each in quarters] == [
        ("2025/26", "Q4", 1),
        ("2026/27", "Q1", 1),
    ]
    assert [each["percent_agreement"] for each in quarters] == [0.0, 100.0]
    assert {each["undefined_because"] for each in quarters} == {"too_few"}


async def test_a_comparison_can_be_narrowed_and_its_differing_pairs_paged(made: QueryStand) -> None:
    narrowed = await made.ok(AGREEMENT, financial_year="2026/27", quarter="Q1")
    paged = await made.ok(AGREEMENT, offset="1", limit="1")
    none = await made.ok(AGREEMENT, question="mnsi")

    assert (narrowed["decisions"], narrowed["differing"]["total"]) == (2, 0)
    assert (paged["differing"]["total"], paged["differing"]["items"]) == (1, [])
    assert (none["decisions"], none["overall"]["percent_agreement"], none["over_time"]) == (0, None, [])


async def test_a_comparison_speaks_for_a_position_of_the_past_too(made: QueryStand) -> None:
    first = await made.ok(AGREEMENT, as_known_at=11)

    assert (first["decisions"], first["overall"]["pairs"], first["differing"]["total"]) == (2, 1, 1)


async def test_who_sees_no_case_compares_nothing(made: QueryStand) -> None:
    assert (await made.ok(AGREEMENT, Role.REPORTER))["decisions"] == 0
    assert (await made.ok(AGREEMENT, organisation="ZZ2", by="decider"))["overall"]["pairs"] == 0
