"""Reports in bulk: what fails in one of them is heard of, and told nobody."""

import json
from pathlib import Path
from typing import Any

from structlog.testing import capture_logs

from domain.kernel.actor import Role
from service.api.commands.batch import batch_router
from service.handling.book import Book
from tests.support.desks import DISCOVERED, a_desk
from tests.support.edge import a_stand


class BrokenBook(Book):
    """A book that has no pen, for a reason that nobody thought of."""

    async def pen(self, *_arguments: Any, **_more: Any) -> Any:
        raise KeyError("Pat Example")


async def test_an_unexpected_failure_of_one_report_is_written_down_without_its_message(tmp_path: Path) -> None:
    desk, stand = await a_desk(), a_stand(tmp_path)
    desk.book.__class__ = BrokenBook
    stand.app.include_router(batch_router())
    stand.app.state.desk = desk
    report = {
        "idempotency_key": "k",
        "provider": "ZZ1",
        "discovered_at": DISCOVERED.isoformat(),
        "what_happened": "A swab was missing.",
        "local_reference": "R-1",
    }

    with capture_logs() as said:
        async with stand.client() as client:
            headers = stand.headers(Role.REPORTER)
            answer = await client.post("/v1/incidents:batch", json={"reports": [report]}, headers=headers)

    [outcome] = answer.json()["outcomes"]
    assert (outcome["status"], outcome["problem"]["code"]) == (500, "service.failed")
    assert [(each["log_level"], each["error"]) for each in said] == [("error", "KeyError")]
    assert "Pat Example" not in json.dumps([outcome, said])
