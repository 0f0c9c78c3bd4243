"""How digests of the access log are handled."""

from typing import Final

from domain.access_log.commands.begin_access_day import BeginAccessDay, begin_access_day
from domain.access_log.commands.digest_access_log import DigestAccessLog, digest_access_log
from domain.kernel.streams import Kind
from service.handling.specification import Begin, Change
from service.handling.tasks.ground import LEDGER_OWNER

BEGIN_ACCESS_DAY: Final = Begin(
    BeginAccessDay,
    Kind.ACCESS_LOG,
    begin_access_day,
    organisation=lambda _command: LEDGER_OWNER,
)
DIGEST_ACCESS_LOG: Final = Change(DigestAccessLog, Kind.ACCESS_LOG, digest_access_log)

TASKS: Final = (BEGIN_ACCESS_DAY, DIGEST_ACCESS_LOG)
