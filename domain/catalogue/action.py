"""Stored names of the facts about improvement actions: chosen by hand, frozen once released."""

from typing import Final

from domain.action.events import (
    ActionAccepted,
    ActionAgreed,
    ActionCompleted,
    ActionExtended,
    ActionHandedOver,
    ActionMonitored,
    ActionRejected,
    ActionVerified,
    ActionWithdrawn,
)
from domain.catalogue.stored import Stored

STORED: Final = (
    Stored("action.agreed.v1", ActionAgreed),
    Stored("action.accepted.v1", ActionAccepted),
    Stored("action.extended.v1", ActionExtended),
    Stored("action.handed_over.v1", ActionHandedOver),
    Stored("action.monitored.v1", ActionMonitored),
    Stored("action.completed.v1", ActionCompleted),
    Stored("action.verified.v1", ActionVerified),
    Stored("action.rejected.v1", ActionRejected),
    Stored("action.withdrawn.v1", ActionWithdrawn),
)
