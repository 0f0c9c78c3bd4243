"""Going on with a ledger that is not the one that was signed."""

from dataclasses import replace

import pytest

from domain.kernel.envelope import first
from domain.kernel.streams import LEDGER_STREAM
from domain.kernel.words import Label, OperatorNote
from domain.ledger.commands.resume_ledger import ResumeLedger, ResumeUnexplained, resume_ledger
from domain.ledger.events import Clock, LedgerOpened, LedgerResumed, Loss
from domain.ledger.state import Ledger
from tests.support.decisions import NOON, a_stamp, given

OPENED = LedgerOpened(**first(Ledger, LEDGER_STREAM, a_stamp()), clock=Clock.REAL)
RESUME = ResumeLedger(
    origin=Label("incident-ledger/x/2"),
    loss=Loss.SHORTER,
    signed_size=12,
    signed_root=Label("root"),
    reason=OperatorNote("The disk was lost; the backup of midnight stands."),
)
RESUMED = LedgerResumed(
    originator_id=LEDGER_STREAM,
    originator_version=2,
    timestamp=NOON,
    origin=RESUME.origin,
    loss=Loss.SHORTER,
    signed_size=12,
    signed_root=RESUME.signed_root,
    reason=RESUME.reason,
)


def test_the_decision_says_what_was_signed_and_why_it_is_gone_on() -> None:
    given(OPENED).when(resume_ledger, RESUME, a_stamp()).then(
        LedgerResumed,
        origin=RESUME.origin,
        loss=Loss.SHORTER,
        signed_size=12,
        signed_root=RESUME.signed_root,
        reason=RESUME.reason,
    )


def test_a_ledger_may_be_gone_on_with_again_under_a_third_name() -> None:
    third = replace(RESUME, origin=Label("incident-ledger/x/3"))

    given(OPENED, RESUMED).when(resume_ledger, third, a_stamp()).then(LedgerResumed, origin=third.origin)


def test_taking_the_name_that_it_has_records_nothing() -> None:
    given(OPENED, RESUMED).when(resume_ledger, RESUME, a_stamp()).then_nothing()


@pytest.mark.parametrize("reason", ["", "  ", "two\nlines", "x" * 501])
def test_the_reason_is_one_line(reason: str) -> None:
    given(OPENED).when(resume_ledger, replace(RESUME, reason=OperatorNote(reason)), a_stamp()).then_refused(
        ResumeUnexplained
    )
