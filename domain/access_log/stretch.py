"""A stretch of the access log that a digest commits to."""

from dataclasses import dataclass
from typing import ClassVar

from domain.kernel.refusal import Refusal
from domain.kernel.words import Digest


@dataclass(frozen=True, kw_only=True, slots=True)
class LogStretch:
    """The records from one number to another, both included; `digest` is the hash of the last one."""

    from_number: int
    to_number: int
    digest: Digest

    @property
    def records(self) -> int:
        """How many they are: numbers have no gap."""
        return self.to_number - self.from_number + 1


class StretchEmpty(Refusal):
    """A digest commits to at least one record."""

    code: ClassVar[str] = "access_log.stretch-empty"


class StretchOutOfOrder(Refusal):
    """A digest goes on where the one before it ended."""

    code: ClassVar[str] = "access_log.stretch-out-of-order"


def check_stretch(stretch: LogStretch, *, after: int | None) -> None:
    """Pass a stretch that holds a record, and goes on after the number `after` where that is known.

    Raises:
        StretchEmpty: it ends before it begins.
        StretchOutOfOrder: it begins somewhere else.
    """
    if not 1 <= stretch.from_number <= stretch.to_number:
        raise StretchEmpty
    if after is not None and stretch.from_number != after + 1:
        raise StretchOutOfOrder(f"The one before it ended with record {after}.")
