"""Every stored name of every event: the closed list that the codec reads and writes."""

from typing import Final

from domain.catalogue import (
    access_log,
    action,
    audit_sample,
    candour,
    erasure,
    evidence,
    incident,
    learning_response,
    ledger,
    organisation,
)
from domain.catalogue.stored import Stored
from domain.kernel.envelope import Fact, FirstFact

ALL: Final[tuple[Stored, ...]] = (
    *ledger.STORED,
    *organisation.STORED,
    *incident.STORED,
    *evidence.STORED,
    *candour.STORED,
    *learning_response.STORED,
    *action.STORED,
    *audit_sample.STORED,
    *access_log.STORED,
    *erasure.STORED,
)

BY_NAME: Final = {stored.name: stored for stored in ALL}
BY_EVENT: Final[dict[type[Fact] | type[FirstFact], Stored]] = {stored.event: stored for stored in ALL}


class StoredNameUnknownError(LookupError):
    """The ledger holds an event whose stored name is not in the catalogue: data of a later release, or damage."""


def stored_as(name: str) -> Stored:
    """What a stored name stands for.

    Raises:
        StoredNameUnknownError: it is not in the catalogue.
    """
    if name not in BY_NAME:
        raise StoredNameUnknownError(name)
    return BY_NAME[name]
