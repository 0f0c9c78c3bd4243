"""Whatever the driver calls a connection that has just been lost, a question is put once more, on another one."""

from typing import Any, cast

import asyncpg
import pytest

from service.store.ledger import LedgerUnavailableError
from service.store.reading.questions import Pool, Reading


class Losing:
    """A pool whose first connections turn out to be lost."""

    def __init__(self, *errors: Exception) -> None:
        self._errors = [*errors]
        self.asked = 0

    async def fetch(self, _statement: str, *_values: Any, timeout: float) -> list[Any]:  # noqa: ASYNC109 - as the driver's
        del timeout
        self.asked += 1
        if self._errors:
            raise self._errors.pop(0)
        return []


LOST = [
    ConnectionResetError(),
    asyncpg.AdminShutdownError(),
    asyncpg.ConnectionDoesNotExistError(),
    asyncpg.InterfaceError("connection is closed"),
    asyncpg.InternalClientError("cannot switch to state 12; another operation (2) is in progress"),
]


@pytest.mark.parametrize("error", LOST, ids=lambda error: type(error).__name__)
async def test_a_question_is_put_again_on_another_connection(error: Exception) -> None:
    pool = Losing(error)

    assert (await Reading(cast("Pool", pool)).head()).position == 0
    assert pool.asked == 2


@pytest.mark.parametrize("error", LOST, ids=lambda error: type(error).__name__)
async def test_a_database_that_is_away_is_said_to_be(error: Exception) -> None:
    with pytest.raises(LedgerUnavailableError):
        await Reading(cast("Pool", Losing(error, error))).head()
