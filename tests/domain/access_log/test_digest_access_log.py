"""The digests of a day after its first one."""

import pytest

from domain.access_log.commands.digest_access_log import DigestAccessLog, digest_access_log
from domain.access_log.events import AccessLogDigested
from domain.access_log.stretch import LogStretch, StretchEmpty, StretchOutOfOrder
from domain.kernel.words import Digest
from tests.domain.access_log.facts import begun, digested
from tests.support.decisions import given

DIGEST = Digest("b" * 64)


def commits(begins: int, ends: int) -> DigestAccessLog:
    return DigestAccessLog(stretch=LogStretch(from_number=begins, to_number=ends, digest=DIGEST))


def test_a_digest_goes_on_where_the_one_before_it_ended() -> None:
    outcome = given(begun(), digested(ends=40)).when(digest_access_log, commits(41, 41))

    outcome.then(AccessLogDigested, from_number=41, to_number=41, records=1, digest=DIGEST)


@pytest.mark.parametrize("begins", [1, 40, 42])
def test_no_record_is_committed_to_twice_or_left_out(begins: int) -> None:
    outcome = given(begun(), digested(ends=40)).when(digest_access_log, commits(begins, 50))

    outcome.then_refused(StretchOutOfOrder, "record 40")


def test_nothing_is_not_committed_to() -> None:
    given(begun(), digested(ends=40)).when(digest_access_log, commits(41, 40)).then_refused(StretchEmpty)
