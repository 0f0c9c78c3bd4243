"""Which requests may share a call, and which wait for the next."""

from dataclasses import replace
from uuid import uuid4

import pytest

from service.store.group_commit.batching import split
from service.store.ledger import AppendRequest, CaseGuard, Guard, NewKey
from tests.support.running.ledgers import a_key, a_request, an_opening

FIRST = a_request(claims=(a_key(),), cases=(uuid4(),), new_keys=(NewKey(uuid4(), uuid4(), b"", ""),))


def places(*requests: AppendRequest) -> tuple[list[int], list[int]]:
    return split(list(enumerate(requests)))


def test_requests_that_share_nothing_go_together() -> None:
    assert places(*(a_request() for _ in range(5))) == ([0, 1, 2, 3, 4], [])


@pytest.mark.parametrize(
    "later",
    [
        a_request(FIRST.stream, 1),
        a_request(guards=(Guard(FIRST.stream, 1),)),
        a_request(key=FIRST.key),
        a_request(claims=FIRST.claims),
        a_request(case_guards=(CaseGuard(FIRST.cases[0], 1),)),
        a_request(new_keys=FIRST.new_keys),
    ],
    ids=["stream", "guard", "key", "claim", "case guard", "new key"],
)
def test_a_request_that_depends_on_an_earlier_one_waits(later: AppendRequest) -> None:
    assert places(FIRST, later, a_request()) == ([0, 2], [1])


def test_a_guard_before_the_write_of_its_stream_goes_with_it() -> None:
    stream = uuid4()
    assert places(a_request(guards=(Guard(stream, 0),)), a_request(stream)) == ([0, 1], [])


def test_what_would_change_the_ground_of_a_deferred_request_waits_behind_it() -> None:
    guarded = uuid4()
    deferred = a_request(FIRST.stream, 1, guards=(Guard(guarded, 0),))
    assert places(FIRST, deferred, a_request(guarded)) == ([0], [1, 2])


def test_a_chain_of_one_stream_keeps_its_order() -> None:
    stream = uuid4()
    assert places(*(a_request(stream, version) for version in range(4))) == ([0], [1, 2, 3])


def test_the_append_that_opens_a_ledger_goes_alone() -> None:
    assert places(an_opening(), a_request()) == ([0], [1])
    assert places(a_request(), an_opening(), a_request()) == ([0], [1, 2])


def test_a_request_that_guards_its_own_stream_depends_on_nobody() -> None:
    request = a_request()
    assert places(replace(request, guards=(Guard(request.stream, 0),))) == ([0], [])
