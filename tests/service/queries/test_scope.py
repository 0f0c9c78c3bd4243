"""What exists for whom: own organisation, commissioned providers, the register; and whose words are opened."""

from datetime import timedelta

import pytest

from domain.kernel.actor import Role
from domain.kernel.words import OdsCode
from service.reading.sight import READS_OWN, sight_of
from tests.support.chronicle import a_chronicle, named
from tests.support.decisions import an_actor
from tests.support.desk_of_queries import QueryStand, a_query_stand
from tests.support.running.postgres import EMBEDDED, Server

pytestmark = pytest.mark.asyncio(loop_scope="module")

LISTS = ("/v1/incidents", "/v1/timeliness", "/v1/actions")
BLIND = sorted(set(Role) - READS_OWN - {Role.SYSTEM})


async def providers(stand: QueryStand, path: str, *roles: Role, organisation: str = "ZZ1") -> set[str]:
    return {row["provider"] for row in await stand.ok(path, *roles, organisation=organisation)}


@pytest.mark.parametrize("role", sorted(READS_OWN))
async def test_a_role_that_reads_sees_its_own_organisation_and_no_other(stand: QueryStand, role: Role) -> None:
    for path in LISTS:
        assert await providers(stand, path, role) == {"ZZ1"}
    assert (await stand.get(f"/v1/incidents/{named('first')}", role)).status_code == 200
    assert (await stand.get(f"/v1/incidents/{named('second')}", role)).status_code == 404


@pytest.mark.parametrize("role", BLIND)
async def test_who_reports_keeps_the_register_or_regulates_sees_no_case(stand: QueryStand, role: Role) -> None:
    for path in LISTS:
        assert await providers(stand, path, role) == set()
    for path in ("", "/timeline", "/obligations", "/evidence", "/events"):
        assert (await stand.get(f"/v1/incidents/{named('first')}{path}", role)).status_code == 404
    assert (await stand.get(f"/v1/actions/{named('early')}", role)).status_code == 404


async def test_a_commissioner_sees_whom_it_commissions_today(stand: QueryStand) -> None:
    assert await providers(stand, "/v1/incidents", Role.COMMISSIONER, organisation="ZZQ") == {"ZZ1", "ZZ2"}
    assert await providers(stand, "/v1/incidents", Role.ANALYST, organisation="ZZQ") == set()


async def test_nobody_but_a_commissioner_sees_whom_the_organisation_commissions() -> None:
    seen = {role: sight_of(an_actor(role, organisation="ZZQ"), [OdsCode("ZZ1")]).records.organisations for role in Role}

    assert [role for role, organisations in seen.items() if "ZZ1" in (organisations or ())] == [Role.COMMISSIONER]


async def test_what_a_commissioner_sees_ends_with_the_relation(
    servers: dict[int, Server], tmp_path_factory: pytest.TempPathFactory
) -> None:
    async with a_chronicle(servers[EMBEDDED]) as chronicle:
        second = named("second")
        report = chronicle.report("second", provider="ZZ2")
        await chronicle.record(report, organisation="ZZ2", cases=[second])
        await chronicle.tell()
        stand = a_query_stand(chronicle, tmp_path_factory.mktemp("ends"))
        assert await providers(stand, "/v1/incidents", Role.COMMISSIONER, organisation="ZZQ") == {"ZZ2"}

        await chronicle.record(chronicle.report("first"), cases=[named("first")], after=timedelta(days=1))
        await chronicle.tell()

        assert await providers(stand, "/v1/incidents", Role.COMMISSIONER, organisation="ZZQ") == {"ZZ1"}
        answer = await stand.get(f"/v1/incidents/{second}", Role.COMMISSIONER, organisation="ZZQ")
        assert answer.status_code == 404


async def test_an_administrator_sees_the_whole_register_and_others_their_part(stand: QueryStand) -> None:
    async def codes(*roles: Role, organisation: str = "ZZ1") -> list[str]:
        return [row["ods"] for row in await stand.ok("/v1/organisations", *roles, organisation=organisation)]

    assert await codes(Role.ADMINISTRATOR) == ["ZZ1", "ZZ2", "ZZQ"]
    assert await codes(Role.AUDITOR) == ["ZZ1"]
    assert await codes(Role.COMMISSIONER, organisation="ZZQ") == ["ZZ1", "ZZ2", "ZZQ"]
    assert await codes(Role.REPORTER) == []
    assert (await stand.get("/v1/organisations/ZZ2", Role.AUDITOR)).status_code == 404
    assert (await stand.ok("/v1/organisations/ZZ2", Role.ADMINISTRATOR))["name"] == "Second Trust"


async def test_relations_are_listed_with_their_days(stand: QueryStand) -> None:
    found = await stand.ok("/v1/organisations/ZZ2/commissioners", Role.ADMINISTRATOR)

    assert found == [
        {
            "ods": "ZZ2",
            "name": "Second Trust",
            "commissioner": "ZZQ",
            "from_on": "2020-04-01",
            "to_on": "2026-03-02",
        }
    ]


CLINICAL = (Role.PATIENT_SAFETY_MANAGER, Role.LEARNING_RESPONSE_LEAD, Role.ENGAGEMENT_LEAD, Role.APPROVER)


@pytest.mark.parametrize("role", CLINICAL)
async def test_what_happened_is_opened_for_clinical_roles_of_the_own_organisation(
    stand: QueryStand, role: Role
) -> None:
    shown = await stand.ok(f"/v1/incidents/{named('first')}", role)

    assert shown["what_happened"] == "What happened in first"
    assert (shown["sealed"], shown["erased"]) == ([], [])


@pytest.mark.parametrize(
    ("role", "organisation"),
    [(role, "ZZ1") for role in sorted(READS_OWN - set(CLINICAL))] + [(Role.COMMISSIONER, "ZZQ")],
)
async def test_for_everybody_else_it_stays_sealed_and_is_named(
    stand: QueryStand, role: Role, organisation: str
) -> None:
    shown = await stand.ok(f"/v1/incidents/{named('first')}", role, organisation=organisation)

    assert shown["what_happened"] is None
    assert shown["sealed"] == ["what_happened"]


async def test_a_commissioner_who_is_also_a_safety_manager_opens_only_its_own_organisations_words(
    stand: QueryStand,
) -> None:
    roles = (Role.COMMISSIONER, Role.PATIENT_SAFETY_MANAGER)

    shown = await stand.ok(f"/v1/incidents/{named('first')}", *roles, organisation="ZZQ")

    assert shown["what_happened"] is None


async def test_an_action_owner_reads_the_words_of_actions_only(stand: QueryStand) -> None:
    action = await stand.ok(f"/v1/actions/{named('early')}", Role.ACTION_OWNER)
    evidence = (await stand.ok(f"/v1/incidents/{named('first')}/evidence", Role.ACTION_OWNER))[0]

    assert (action["change"], action["owner_name"]) == ("The change of early", "Olive Owner")
    assert (evidence["item"], evidence["custodian"]) == (None, None)
    assert evidence["sealed"] == "item custodian"


async def test_no_list_of_incidents_holds_what_people_wrote(stand: QueryStand) -> None:
    assert all("what_happened" not in row for row in await stand.ok("/v1/incidents"))


async def test_nothing_is_read_without_a_token(stand: QueryStand) -> None:
    answer = await stand.get("/v1/incidents", headers={"Authorization": ""})

    assert answer.status_code == 401
