"""Agreeing that a person be erased."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from domain.erasure.commands.approve_erasure import COOLING_OFF, ApproveErasure, approve_erasure
from domain.erasure.events import ErasureApproved
from domain.erasure.refusals import LegalHoldStands, NotWaiting, OwnDecision
from domain.kernel.actor import Actor, Role, Stamp
from domain.kernel.words import HoldId
from tests.domain.erasure.facts import DUE_AT, HOLD, OFFICER, PAT, SECOND, STAGES, requested
from tests.domain.state_tables import NOTHING, check, over_every_state
from tests.support.decisions import Outcome, a_stamp, an_actor, given


def approving(*history: Any, by: Actor = SECOND, stamp: Stamp | None = None, holds: tuple[HoldId, ...] = ()) -> Outcome:
    command = ApproveErasure(person=PAT)
    return given(*history).when(approve_erasure, command, stamp or a_stamp(days=1, by=by), holds=holds)


@over_every_state(
    STAGES,
    {
        "requested": ErasureApproved,
        "approved": NOTHING,
        "held": NotWaiting,
        "refused": NotWaiting,
        "withdrawn": NotWaiting,
        "carried out": NotWaiting,
    },
)
def test_approving_at_every_stage(history: tuple[Any, ...], expected: type[Any] | None) -> None:
    check(approving(*history), expected)


def test_it_is_due_seven_days_later() -> None:
    assert timedelta(days=7) == COOLING_OFF
    approving(requested()).then(ErasureApproved, approved_by=SECOND.id, due_at=DUE_AT)


def test_an_approval_that_is_dated_back_shortens_nothing() -> None:
    earlier = replace(a_stamp(days=1, by=SECOND), at=a_stamp(days=-30).at)

    approving(requested(), stamp=earlier).then(ErasureApproved, due_at=DUE_AT)


def test_who_asked_for_it_never_approves_it() -> None:
    approving(requested(), by=OFFICER).then_refused(OwnDecision)


def test_nor_in_another_role() -> None:
    approving(requested(), by=replace(OFFICER, roles=frozenset({Role.APPROVER}))).then_refused(OwnDecision)


def test_a_second_approver_comes_too_late() -> None:
    approving(*STAGES["approved"], by=an_actor(Role.APPROVER, number=7)).then_refused(NotWaiting)


def test_while_a_legal_hold_stands_nobody_approves() -> None:
    approving(requested(), holds=(HOLD,)).then_refused(LegalHoldStands)
