"""Not sharing a learning response with those affected."""

from typing import Any

from domain.learning_response.commands.waive_sharing import WaiveSharing, waive_sharing
from domain.learning_response.events import SharingWaived
from tests.domain.learning_response.facts import STATES, commissioned, text, waived
from tests.domain.state_tables import NOTHING, check, over_every_state
from tests.support.decisions import Outcome, given


def waive(*history: Any, reason: str = "Nobody was affected") -> Outcome:
    return given(*history).when(waive_sharing, WaiveSharing(reason=text(reason)))


@over_every_state(STATES, dict.fromkeys(STATES, SharingWaived) | {"sharing waived": NOTHING})
def test_waiving_in_every_state(history: tuple[Any, ...], expected: type[Any] | None) -> None:
    check(waive(*history), expected)


def test_the_reason_stays_on_record_and_may_be_given_anew() -> None:
    waive(commissioned()).then(SharingWaived, reason=text("Nobody was affected"))
    waive(commissioned(), waived(), reason="They wish not to have it").then(SharingWaived)


def test_sharing_is_waived_once_a_reason_stands() -> None:
    response = given(commissioned(), waived()).aggregate()

    assert response.sharing_waived
    assert response.sharing_waived_because == text("Nobody was affected")
