"""A dump that was restored without its rights is verified all the same: as its owner, with a word of caution."""

from service.store.connect import Database as Urls
from service.verifying.reader import url_to_read
from tests.support.running.database import Database
from tests.support.running.postgres import EMBEDDED, Server


def urls_of(database: Database) -> Urls:
    by_role = {role: database.url(role=role) for role in ("owner", "writer", "projector", "reader")}
    return Urls("restored", by_role["owner"], by_role["writer"], by_role["projector"], by_role["reader"])


async def test_a_database_with_its_rights_is_read_as_its_reader(servers: dict[int, Server]) -> None:
    urls = urls_of(servers[EMBEDDED].new_database())

    assert await url_to_read(urls) == (urls.reader, True)


async def test_without_a_right_to_a_schema_or_a_table_the_owner_reads(servers: dict[int, Server]) -> None:
    for lost in ("revoke usage on schema proof from {}", "revoke select on ledger.events from {}"):
        database = servers[EMBEDDED].new_database()
        urls = urls_of(database)
        owner = await database.connect("owner")
        await owner.execute(lost.format(database.login("reader")["user"]))
        await owner.close()

        assert await url_to_read(urls) == (urls.owner, False)


async def test_without_the_role_the_owner_reads(servers: dict[int, Server]) -> None:
    urls = urls_of(servers[EMBEDDED].new_database())
    nobody = Urls(urls.name, urls.owner, urls.writer, urls.projector, urls.reader.replace("reader", "nobody", 1))

    assert await url_to_read(nobody) == (urls.owner, False)
