"""Whatever is asked is answered or refused: no question makes the service fail."""

from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.kernel.actor import Role
from tests.support.chronicle import named
from tests.support.desk_of_queries import QueryStand

pytestmark = pytest.mark.asyncio(loop_scope="module")

WORDS = [
    "met",
    "true",
    "ZZ1",
    "overdue",
    "agreed",
    "law",
    "Q1",
    "2026-03-02",
    "2026-03-02T12:00:00Z",
    "0",
    "7",
    "ward manager",
]
LIMITS = ["9999-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00", "2199-12-31", "-1", "\x00", "\ud800"]
FORMS = ["application/json", "text/csv", "application/x-ndjson", "*/*;q=0", "text/html"]
values = st.sampled_from([*WORDS, *LIMITS, str(named("first"))]) | st.text(max_size=30)


def questions(stand: QueryStand) -> dict[str, list[str]]:
    """Every query with the parameters that it takes."""
    paths = stand.app.openapi()["paths"]
    return {
        path: [each["name"] for each in methods["get"]["parameters"] if each["in"] == "query"]
        for path, methods in paths.items()
        if path.startswith("/v1") and "get" in methods
    }


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
async def test_no_question_makes_it_fail(stand: QueryStand, data: Any) -> None:
    path, names = data.draw(st.sampled_from(sorted(questions(stand).items())))
    place = data.draw(
        st.sampled_from([*map(str, map(named, ("first", "response", "early", "sample"))), "ZZ1"]) | values
    )
    taken = sorted({*names} - {"min_position"}) or ["limit"]  # a query that takes nothing is asked all the same
    asked = data.draw(st.dictionaries(st.sampled_from(taken), values, max_size=3))
    query = "&".join(f"{name}={_encoded(value)}" for name, value in asked.items())
    for name in ("incident", "learning_response", "action", "ods", "sample"):
        path = path.replace(f"{{{name}}}", _encoded(place))

    answer = await stand.get(f"{path}?{query}", Role.AUDITOR, headers={"Accept": data.draw(st.sampled_from(FORMS))})

    # 422: a query that needs a parameter was not given it; 503: a position that is not there yet
    assert answer.status_code in {200, 400, 404, 406, 422, 503}, (answer.request.url, answer.text)


def _encoded(value: str) -> str:
    return quote(value.encode("utf-8", "surrogatepass"), safe="")
