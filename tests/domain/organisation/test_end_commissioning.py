"""A relation between a commissioner and a provider ends on a day."""

from datetime import date

import pytest

from domain.kernel.envelope import after
from domain.kernel.words import OdsCode
from domain.organisation.commands.end_commissioning import EndCommissioning, NotCommissioned, end_commissioning
from domain.organisation.events import CommissioningEnded, ProviderCommissioned
from domain.organisation.provider import PeriodBackwards
from domain.organisation.state import Organisation
from tests.support.decisions import Given, a_stamp, given
from tests.support.organisations import registered

ENDED = EndCommissioning(commissioner=OdsCode("ZZQ"), to_on=date(2026, 6, 30))


def related(from_on: date = date(2026, 1, 1), to_on: date | None = None) -> ProviderCommissioned:
    organisation: Organisation = given(registered()).aggregate()
    return ProviderCommissioned(
        **after(organisation, a_stamp()), commissioner=OdsCode("ZZQ"), from_on=from_on, to_on=to_on
    )


def ended() -> CommissioningEnded:
    organisation: Organisation = given(registered(), related()).aggregate()
    return CommissioningEnded(
        **after(organisation, a_stamp()),
        commissioner=OdsCode("ZZQ"),
        from_on=date(2026, 1, 1),
        to_on=date(2026, 6, 30),
    )


def test_a_relation_without_a_known_end_is_ended() -> None:
    given(registered(), related()).when(end_commissioning, ENDED).then(
        CommissioningEnded, commissioner="ZZQ", from_on=date(2026, 1, 1), to_on=date(2026, 6, 30)
    )


def test_the_commissioner_sees_the_provider_to_the_end_of_the_last_day() -> None:
    organisation: Organisation = given(registered(), related(), ended()).aggregate()

    assert organisation.commissioners_on(date(2026, 6, 30)) == {"ZZQ"}
    assert organisation.commissioners_on(date(2026, 7, 1)) == frozenset()


def test_only_the_latest_relation_with_the_commissioner_is_ended() -> None:
    earlier = related(date(2024, 1, 1), date(2024, 12, 31))
    given(registered(), earlier, related()).when(end_commissioning, ENDED).then(
        CommissioningEnded, from_on=date(2026, 1, 1)
    )


def test_saying_the_same_again_records_nothing() -> None:
    given(registered(), related(), ended()).when(end_commissioning, ENDED).then_nothing()


def test_a_known_end_can_be_brought_forward_and_not_put_off() -> None:
    given(registered(), related(to_on=date(2026, 12, 31))).when(end_commissioning, ENDED).then(CommissioningEnded)
    given(registered(), related(to_on=date(2026, 3, 31))).when(end_commissioning, ENDED).then_refused(NotCommissioned)


def test_an_end_before_the_beginning_is_refused() -> None:
    given(registered(), related(date(2026, 9, 1))).when(end_commissioning, ENDED).then_refused(PeriodBackwards)


@pytest.mark.parametrize("standing", [given(registered())])
def test_a_relation_that_does_not_exist_cannot_be_ended(standing: Given) -> None:
    standing.when(end_commissioning, ENDED).then_refused(NotCommissioned)
