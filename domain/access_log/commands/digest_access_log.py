"""Commit to what was read since the last digest, which was made on the same day."""

from dataclasses import dataclass

from domain.access_log.events import AccessLogDigested
from domain.access_log.state import AccessDay
from domain.access_log.stretch import LogStretch, check_stretch
from domain.kernel.actor import Stamp
from domain.kernel.envelope import after, record


@dataclass(frozen=True, kw_only=True, slots=True)
class DigestAccessLog:
    """Let this stretch follow the one before it."""

    stretch: LogStretch


def digest_access_log(day: AccessDay, command: DigestAccessLog, stamp: Stamp) -> None:
    """Record the digest of the stretch.

    Raises:
        StretchEmpty: there is nothing to commit to.
        StretchOutOfOrder: it does not go on where the last digest of the day ended: somebody else was faster.
    """
    stretch = command.stretch
    check_stretch(stretch, after=day.to_number)
    digested = AccessLogDigested(
        **after(day, stamp),
        from_number=stretch.from_number,
        to_number=stretch.to_number,
        records=stretch.records,
        digest=stretch.digest,
    )
    record(day, digested)
