"""A key that is missing or damaged makes a name unavailable: never empty, never "erased", and back once the key is."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
import pytest_asyncio

from domain.incident.commands.secure_safety import SecureSafety
from domain.kernel.words import RecordId
from projections.engine.queries import ReadModels
from projections.incident_register.model import MODEL as INCIDENT_REGISTER
from projections.organisation_register.model import MODEL as ORGANISATION_REGISTER
from service.bootstrap import AGGREGATES
from service.handling.book import Book, Secrets
from service.handling.desk import Desk
from service.handling.pen import Pen
from service.handling.tasks.incident import SECURE_SAFETY
from service.handling.time import LedgerTime
from service.reading.queries import Queries
from service.serving import OUTAGES
from service.store.codec import Codec
from service.store.sealing import Opener
from service.vault.keks.source import KekSourceUnavailableError
from service.vault.keyring import KekMissingError, Keyring
from service.worker.feed import LedgerFeed
from tests.service.vault.indexed import Index
from tests.support.chronicle import a_chronicle, named
from tests.support.desk_of_queries import QueryStand, a_query_stand
from tests.support.desks import a_desk, an_order, report
from tests.support.golden_events import TEST_KEK
from tests.support.running.postgres import EMBEDDED, Server

pytestmark = pytest.mark.asyncio(loop_scope="module")

PEOPLE = f"/v1/incidents/{named('one')}/people"
NAME = "Pat Patient"


@dataclass
class Lost:
    """A case in which somebody is named, and what becomes of its keys."""

    stand: QueryStand

    def holding(self, keyring: Keyring) -> None:
        """Let the application hold another keyring."""
        ledger, engine = self.stand.chronicle.ledger, self.stand.chronicle.engine
        self.stand.app.state.queries = Queries(
            ReadModels(engine, LedgerFeed(ledger, Codec())),
            ledger,
            codec=Codec(),
            opener=Opener(keyring),
            time=LedgerTime(ledger, simulated=True),
        )

    async def damage(self, statement: str) -> None:
        """Change the table of keys as nobody may."""
        owner = await self.stand.chronicle.database.owner()
        await owner.execute("alter table vault.keys disable trigger user")
        await owner.execute(statement)
        await owner.execute("alter table vault.keys enable trigger user")
        await owner.close()

    async def is_unavailable(self) -> None:
        """The people of the case cannot be read, and the answer says so and nothing else."""
        answer = await self.stand.get(PEOPLE)
        assert (answer.status_code, answer.json()["code"]) == (503, "service.unavailable"), answer.text
        assert "retry-after" in answer.headers
        for said in (NAME, "erased", "null"):
            assert said not in answer.text

    async def is_read(self) -> None:
        """They can be read."""
        (read,) = await self.stand.ok(PEOPLE)
        assert (read["name"], read["erased"]) == (NAME, "")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def whole(servers: dict[int, Server], tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Lost]:
    """Nothing is lost yet."""
    async with a_chronicle(servers[EMBEDDED]) as chronicle:
        index = Index(chronicle)
        await index.report("one")
        await index.add("pat", "one", "9990000018")
        await chronicle.tell(INCIDENT_REGISTER, ORGANISATION_REGISTER)
        stand = a_query_stand(chronicle, tmp_path_factory.mktemp("lost"))
        stand.app.state.edge.outages.update(OUTAGES)
        yield Lost(stand)


@pytest_asyncio.fixture(loop_scope="module")
async def lost(whole: Lost) -> AsyncIterator[Lost]:
    """The same; what a test loses is put back after it."""
    await whole.damage("create table if not exists kept as select * from vault.keys")
    yield whole
    await whole.damage("delete from vault.keys; insert into vault.keys select * from kept")
    whole.holding(Keyring(TEST_KEK))
    await whole.is_read()


@pytest.mark.parametrize(
    "damage",
    [
        "update vault.keys set wrapped = '\\x02' || substring(wrapped from 2)",
        "update vault.keys set wrapped = substring(wrapped from 1 for 60)",
        "update vault.keys set kek = 'kek-9-00000000'",
        "update vault.keys set about = key_id",
        "delete from vault.keys",
    ],
    ids=["another version", "cut short", "of an unknown key", "about somebody else", "gone"],
)
async def test_a_row_that_is_damaged_or_gone_makes_its_values_unavailable(lost: Lost, damage: str) -> None:
    await lost.damage(damage)

    await lost.is_unavailable()


async def test_without_the_key_encryption_key_it_is_unavailable_until_that_is_back(lost: Lost) -> None:
    lost.holding(Keyring({1: b"another key of the same number.."}))
    await lost.is_unavailable()

    lost.holding(Keyring(TEST_KEK))
    await lost.is_read()


async def test_the_same_while_whoever_keeps_the_keys_is_away(lost: Lost) -> None:
    def away() -> dict[int, bytes]:
        raise KekSourceUnavailableError("the key service is sealed or away: it answered 503")

    lost.holding(Keyring({2: b"2" * 32}, reload=away))

    await lost.is_unavailable()


async def test_what_needs_no_key_is_answered_meanwhile(lost: Lost) -> None:
    lost.holding(Keyring({1: b"another key of the same number.."}))

    assert [each["local_reference"] for each in await lost.stand.ok("/v1/incidents")] == ["one"]


async def test_a_destroyed_key_is_told_apart_from_one_that_is_missing(lost: Lost) -> None:
    await lost.damage("update vault.keys set wrapped = ''")

    (read,) = await lost.stand.ok(PEOPLE)

    assert read["name"] is None
    assert read["erased"] == "name nhs_number"


async def test_a_command_on_what_cannot_be_opened_is_not_carried_out() -> None:
    desk = await a_desk()
    incident = (await report(desk, an_order())).stream
    before = await desk.ledger.head()
    secrets = Secrets(keyring=Keyring({7: b"7" * 32}), digests=b"d" * 32)
    blind = Desk(desk.ledger, Book(desk.ledger, Codec(AGGREGATES), secrets, build="test"), desk.policy, desk.time)

    with pytest.raises(KekMissingError):
        await blind.change(an_order(), SECURE_SAFETY, a_step, stream=incident)
    assert await desk.ledger.head() == before


def a_step(pen: Pen) -> SecureSafety:
    return SecureSafety(step=RecordId(pen.new_id()), steps_taken=pen.narrative("A step."))
