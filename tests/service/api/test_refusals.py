"""Every refusal has a status, a title, and a page."""

from uuid import UUID

import pytest

from service.api.problems import of_refusal
from service.api.refusing.codes import EDGE_PROBLEMS
from service.api.refusing.pages import problems_markdown
from service.api.refusing.statuses import STATUSES, kind_of, known_refusals, load_refusals
from service.handling.refusals import ReferenceTaken, VersionStale
from tests.support.edge import AN_ID, ThingTaken


def test_every_refusal_has_a_status_of_its_own_choice() -> None:
    load_refusals()
    codes = {refusal.code for refusal in known_refusals()}
    assert codes - STATUSES.keys() - EDGE_PROBLEMS.keys() == set(), "add these to service/api/refusals.py"
    assert STATUSES.keys() - codes == set(), "no refusal has these codes any more"


def test_every_refusal_is_listed_for_clients() -> None:
    listed = problems_markdown()
    for refusal in known_refusals():
        assert f"| `{refusal.code}` | {kind_of(refusal).status} |" in listed


@pytest.mark.parametrize("status", [403, 409, 422])
def test_a_refusal_is_answered_with_its_status(status: int) -> None:
    load_refusals()
    kinds = [kind_of(refusal) for refusal in known_refusals() if STATUSES.get(refusal.code) == status]
    assert kinds
    assert {kind.status for kind in kinds} == {status}


def test_a_reference_used_before_links_to_its_first_report() -> None:
    problem = of_refusal(ReferenceTaken(UUID(AN_ID)))
    assert problem.body()["links"] == {"incident": f"/v1/incidents/{AN_ID}"}
    assert "links" not in of_refusal(ThingTaken()).body()


def test_a_stale_version_comes_with_the_one_that_stands() -> None:
    response = of_refusal(VersionStale(7)).response()
    assert (response.status_code, response.headers["etag"]) == (412, 'W/"7"')
