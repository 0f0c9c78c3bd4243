"""A relation between a commissioner and a provider ends on a day."""

from datetime import date
from typing import Any

from domain.organisation.commands.end_commissioning import EndCommissioning, NotCommissioned, end_commissioning
from domain.organisation.events import CommissioningEnded
from domain.organisation.provider import PeriodBackwards
from domain.organisation.state import Organisation
from tests.domain.organisation.facts import ICB, MIDSUMMER, STATES, commissioned, ended
from tests.domain.state_tables import NOTHING, check, over_every_state
from tests.support.decisions import given
from tests.support.organisations import registered

ENDED = EndCommissioning(commissioner=ICB, to_on=MIDSUMMER)


@over_every_state(
    STATES,
    {
        "registered": NotCommissioned,
        "commissioned": CommissioningEnded,
        "commissioned for the year": CommissioningEnded,
        "commissioning ended": NOTHING,
        "plan adopted": NotCommissioned,
        "earlier plan adopted": NotCommissioned,
        "a commissioner": NotCommissioned,
        "a regulator": NotCommissioned,
    },
)
def test_ending_a_relation_in_every_state(history: tuple[Any, ...], expected: type[Any] | None) -> None:
    check(given(*history).when(end_commissioning, ENDED), expected)


def test_a_relation_without_a_known_end_is_ended() -> None:
    given(registered(), commissioned()).when(end_commissioning, ENDED).then(
        CommissioningEnded, commissioner="ZZQ", from_on=date(2026, 1, 1), to_on=date(2026, 6, 30)
    )


def test_the_commissioner_sees_the_provider_to_the_end_of_the_last_day() -> None:
    organisation: Organisation = given(registered(), commissioned(), ended()).aggregate()

    assert organisation.commissioners_on(date(2026, 6, 30)) == {"ZZQ"}
    assert organisation.commissioners_on(date(2026, 7, 1)) == frozenset()


def test_only_the_latest_relation_with_the_commissioner_is_ended() -> None:
    earlier = commissioned(date(2024, 1, 1), date(2024, 12, 31))
    given(registered(), earlier, commissioned()).when(end_commissioning, ENDED).then(
        CommissioningEnded, from_on=date(2026, 1, 1)
    )


def test_a_known_end_can_be_brought_forward_and_not_put_off() -> None:
    given(registered(), commissioned(to_on=date(2026, 12, 31))).when(end_commissioning, ENDED).then(CommissioningEnded)
    given(registered(), commissioned(to_on=date(2026, 3, 31))).when(end_commissioning, ENDED).then_refused(
        NotCommissioned
    )


def test_an_end_before_the_beginning_is_refused() -> None:
    given(registered(), commissioned(date(2026, 9, 1))).when(end_commissioning, ENDED).then_refused(PeriodBackwards)
