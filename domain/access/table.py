"""Every permission: who may give which command, over whom. A command that is not here cannot be given."""

from typing import Any, Final

from domain.access import (
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
from domain.access.permission import Permission

PERMISSIONS: Final[dict[type[Any], Permission]] = {
    **ledger.TABLE,
    **organisation.TABLE,
    **incident.TABLE,
    **evidence.TABLE,
    **candour.TABLE,
    **learning_response.TABLE,
    **action.TABLE,
    **audit_sample.TABLE,
    **access_log.TABLE,
    **erasure.TABLE,
}
