"""Deciding that a person stays in the record."""

from typing import Any

from domain.erasure.commands.refuse_erasure import RefuseErasure, refuse_erasure
from domain.erasure.events import ErasureRefused
from domain.erasure.refusals import ErasureReasonsMissing, NotWaiting, OwnDecision
from domain.kernel.actor import Actor
from tests.domain.erasure.facts import OFFICER, PAT, SECOND, STAGES, requested, words
from tests.domain.state_tables import NOTHING, check, over_every_state
from tests.support.decisions import Outcome, a_stamp, given


def refusing(*history: Any, by: Actor = SECOND, reasons: str = "A claim is to be expected.") -> Outcome:
    command = RefuseErasure(person=PAT, reasons=words(reasons))
    return given(*history).when(refuse_erasure, command, a_stamp(days=1, by=by))


@over_every_state(
    STAGES,
    {
        "requested": ErasureRefused,
        "approved": NotWaiting,
        "held": NotWaiting,
        "refused": NOTHING,
        "withdrawn": NotWaiting,
        "carried out": NotWaiting,
    },
)
def test_refusing_at_every_stage(history: tuple[Any, ...], expected: type[Any] | None) -> None:
    check(refusing(*history), expected)


def test_who_decided_and_why_is_recorded() -> None:
    refusing(requested()).then(ErasureRefused, refused_by=SECOND.id, reasons=words("A claim is to be expected."))


def test_who_asked_for_it_takes_it_back_instead() -> None:
    refusing(requested(), by=OFFICER).then_refused(OwnDecision)


def test_whoever_asked_must_be_told_why() -> None:
    refusing(requested(), reasons=" ").then_refused(ErasureReasonsMissing)
