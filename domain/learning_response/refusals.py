"""Refusals that several commands on a learning response share."""

from typing import ClassVar

from domain.kernel.refusal import Refusal


class AlreadyApproved(Refusal):
    """The learning response is signed off: what it found and who led it no longer change."""

    code: ClassVar[str] = "learning_response.already-approved"


class FindingUnknown(Refusal):
    """The learning response has not made this finding."""

    code: ClassVar[str] = "learning_response.finding-unknown"
