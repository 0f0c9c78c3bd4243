"""Who commits the access log to the ledger: nobody but the ledger itself."""

from typing import Any, Final

from domain.access.permission import Permission, Relation, may
from domain.access_log.commands.begin_access_day import BeginAccessDay
from domain.access_log.commands.digest_access_log import DigestAccessLog

TABLE: Final[dict[type[Any], Permission]] = {
    BeginAccessDay: may(relation=Relation.ANY),
    DigestAccessLog: may(relation=Relation.ANY),
}
