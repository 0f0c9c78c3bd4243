"""Who may secure evidence and pass it on."""

from typing import Any, Final

from domain.access.permission import Permission, may
from domain.evidence.commands.preserve_evidence import PreserveEvidence
from domain.evidence.commands.transfer_custody import TransferCustody
from domain.kernel.actor import Role

_KEEPERS: Final = may(Role.PATIENT_SAFETY_MANAGER, Role.LEARNING_RESPONSE_LEAD)

TABLE: Final[dict[type[Any], Permission]] = {
    PreserveEvidence: may(Role.REPORTER, Role.PATIENT_SAFETY_MANAGER, Role.LEARNING_RESPONSE_LEAD, Role.ACTION_OWNER),
    TransferCustody: _KEEPERS,
}
