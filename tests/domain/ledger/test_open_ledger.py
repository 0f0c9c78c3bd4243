"""Opening the ledger."""

import pytest

from domain.kernel.streams import LEDGER_STREAM
from domain.ledger.commands.open_ledger import OpenLedger, open_ledger
from domain.ledger.events import Clock, LedgerOpened
from tests.support.decisions import NOON, a_stamp, given


@pytest.mark.parametrize("clock", list(Clock))
def test_a_ledger_is_opened_once_on_the_clock_it_keeps(clock: Clock) -> None:
    outcome = given().when(open_ledger, OpenLedger(clock=clock))
    outcome.then(LedgerOpened, clock=clock, originator_id=LEDGER_STREAM)


def test_only_a_simulated_ledger_says_where_its_clock_stands() -> None:
    assert open_ledger(OpenLedger(clock=Clock.REAL), a_stamp()).clock_at is None
    assert open_ledger(OpenLedger(clock=Clock.SIMULATED), a_stamp()).clock_at == NOON
