"""Passing an item of evidence on."""

from typing import Any

import pytest

from domain.evidence.commands.transfer_custody import TransferCustody, TransferOutOfOrder, transfer_custody
from domain.evidence.events import CustodyTransferred
from domain.kernel.personal import ERASED
from tests.domain.evidence.facts import INCIDENT, SHA256, STATES, named, preserved, text, transferred
from tests.domain.state_tables import NOTHING, check, over_every_state
from tests.support.decisions import a_stamp, given


def transfer(to: str, place: str | None = None) -> TransferCustody:
    return TransferCustody(
        custodian=named(to), place=None if place is None else text(place), reason=text("Asked for by the coroner")
    )


@over_every_state(
    STATES,
    {
        "preserved": CustodyTransferred,
        "preserved without place": CustodyTransferred,
        "custodian erased": CustodyTransferred,
        "transferred": NOTHING,
        "transferred without place": CustodyTransferred,
        "given back": CustodyTransferred,
        "transferred later than the command": TransferOutOfOrder,
    },
)
def test_transferring_in_every_state(history: tuple[Any, ...], expected: type[Any] | None) -> None:
    check(given(*history).when(transfer_custody, transfer("B Keeper", "Safe")), expected)


@pytest.mark.parametrize(
    ("history", "to", "place", "recorded"),
    [
        ([preserved()], "B Keeper", "Safe", True),
        ([preserved()], "B Keeper", None, True),
        ([preserved()], "A Keeper", "Safe", True),
        ([preserved()], "A Keeper", "Theatre store", False),
        ([preserved()], "A Keeper", None, False),
        ([preserved(place=None)], "A Keeper", "Safe", True),
        ([preserved(place=None)], "A Keeper", None, False),
        ([preserved(custodian=ERASED)], "A Keeper", None, True),
        ([preserved(), transferred()], "A Keeper", None, True),
        ([preserved(), transferred()], "B Keeper", "Safe", False),
        ([preserved(), transferred(), transferred(custodian="A Keeper")], "A Keeper", None, False),
    ],
)
def test_only_another_custodian_or_another_place_is_recorded(
    history: list[Any], to: str, place: str | None, *, recorded: bool
) -> None:
    outcome = given(*history).when(transfer_custody, transfer(to, place))

    outcome.then(*[CustodyTransferred] * recorded)


def test_a_transfer_says_who_keeps_the_item_where_and_why() -> None:
    given(preserved()).when(transfer_custody, transfer("B Keeper", "Safe")).then(
        CustodyTransferred,
        custodian=named("B Keeper"),
        place=text("Safe"),
        reason=text("Asked for by the coroner"),
        timestamp=a_stamp(days=1).at,
    )


def test_the_item_is_kept_by_the_last_custodian_since_the_transfer() -> None:
    evidence = given(preserved(), transferred(days=0.5)).aggregate()

    assert evidence.custodian == named("B Keeper")
    assert evidence.place == text("Safe")
    assert evidence.kept_since == a_stamp(days=0.5).at
    assert evidence.item == text("Swab count sheet")
    assert (evidence.incident, evidence.sha256) == (INCIDENT, SHA256)


def test_a_transfer_before_the_present_custodian_had_the_item_is_refused() -> None:
    """A chain of custody whose links overlap proves nothing."""
    history = (preserved(days=0), transferred(days=2))

    refused = given(*history).when(transfer_custody, transfer("C Keeper"), a_stamp(days=1))

    refused.then_refused(TransferOutOfOrder, "2026-03-04 12:00")
    given(*history).when(transfer_custody, transfer("C Keeper"), a_stamp(days=2)).then(CustodyTransferred)
