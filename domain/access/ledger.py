"""Who may open the ledger and move its simulated clock."""

from typing import Any, Final

from domain.access.permission import Permission, Relation, may
from domain.kernel.actor import Role
from domain.ledger.commands.move_clock import MoveClock
from domain.ledger.commands.open_ledger import OpenLedger
from domain.ledger.commands.resume_ledger import ResumeLedger

TABLE: Final[dict[type[Any], Permission]] = {
    OpenLedger: may(relation=Relation.ANY),
    MoveClock: may(Role.ADMINISTRATOR, relation=Relation.ANY),
    ResumeLedger: may(relation=Relation.ANY),
}
"""A ledger is opened by the service itself, when it first starts on an empty database; whoever may start the service on
its keys decides to go on with one that is not the one that was signed.
"""
