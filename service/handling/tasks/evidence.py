"""How commands on evidence are handled."""

from typing import Final

from domain.evidence.commands.preserve_evidence import PreserveEvidence, preserve_evidence
from domain.evidence.commands.transfer_custody import TransferCustody, transfer_custody
from domain.kernel.streams import Kind
from service.handling.specification import Begin, Change

PRESERVE_EVIDENCE: Final = Begin(
    PreserveEvidence,
    Kind.EVIDENCE,
    preserve_evidence,
    parents=lambda command: (command.incident,),
    closed_case_takes_it=True,
)
TRANSFER_CUSTODY: Final = Change(TransferCustody, Kind.EVIDENCE, transfer_custody)

TASKS: Final = (PRESERVE_EVIDENCE, TRANSFER_CUSTODY)
