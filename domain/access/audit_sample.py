"""Who may draw random samples of decisions: whoever looks at others' decisions and makes none."""

from typing import Any, Final

from domain.access.permission import Permission, may
from domain.audit_sample.commands.commit_sample import CommitSample
from domain.audit_sample.commands.draw_sample import DrawSample
from domain.kernel.actor import Role

_AUDITS: Final = may(Role.AUDITOR, Role.REGULATOR, Role.COMMISSIONER)
"""The sample is a record of their own organisation; whose decisions it is taken from is asked as the sample is made."""

TABLE: Final[dict[type[Any], Permission]] = {
    CommitSample: _AUDITS,
    DrawSample: _AUDITS,
}
