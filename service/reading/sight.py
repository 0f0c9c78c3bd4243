"""What a reader may see: whose records, which part of the register, and whose words are opened for them."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from domain.kernel.actor import Actor, Role
from domain.kernel.scope import Scope
from domain.kernel.words import OdsCode

_CLINICAL: Final = frozenset(
    {Role.PATIENT_SAFETY_MANAGER, Role.LEARNING_RESPONSE_LEAD, Role.ENGAGEMENT_LEAD, Role.APPROVER}
)

READS_OWN: Final = _CLINICAL | {
    Role.ACTION_OWNER,
    Role.COMMISSIONER,
    Role.AUDITOR,
    Role.ANALYST,
    Role.DATA_PROTECTION_OFFICER,
}
"""Roles for which the records of their own organisation exist.

A reporter and a reporting system report and do not read, an administrator keeps the register and sees no case, and a
regulator sees the cases of an access grant.
"""

READS_EVENTS: Final = frozenset(
    {
        Role.AUDITOR,
        Role.PATIENT_SAFETY_MANAGER,
        Role.COMMISSIONER,
        Role.REGULATOR,
        Role.DATA_PROTECTION_OFFICER,
    }
)
"""Roles that may read the log itself; an event outside their scope is a position and nothing else."""

ASKS_WHAT_IF: Final = frozenset({Role.PATIENT_SAFETY_MANAGER, Role.COMMISSIONER, Role.AUDITOR, Role.ANALYST})
"""Roles that may ask what other editions would have asked of the past: of every organisation whose records they see."""


class Audience(StrEnum):
    """For whom the personal and narrative values of a read model are opened, in their own organisation."""

    CASES = "cases"
    ACTIONS = "actions"
    HOLDS = "holds"
    ERASURES = "erasures"


_READS_WORDS: Final = {
    Audience.CASES: _CLINICAL,
    Audience.ACTIONS: _CLINICAL | {Role.ACTION_OWNER},
    Audience.HOLDS: _CLINICAL | {Role.DATA_PROTECTION_OFFICER},
    Audience.ERASURES: frozenset({Role.APPROVER, Role.DATA_PROTECTION_OFFICER}),
}


@dataclass(frozen=True, slots=True)
class Sight:
    """What one reader sees: `records` are cases and all that hangs on them, `register` is the register."""

    actor: Actor
    records: Scope
    register: Scope

    def opens(self, organisation: str, audience: Audience) -> bool:
        """Whether what people wrote, and whom it names, is shown to this reader in a record of this organisation."""
        return organisation == self.actor.organisation and bool(self.actor.roles & _READS_WORDS[audience])

    @property
    def may_read_events(self) -> bool:
        """Whether this reader may read the log itself."""
        return bool(self.actor.roles & READS_EVENTS)

    @property
    def protects_data(self) -> bool:
        """Whether this reader answers for what is held about people, and how long, in their own organisation."""
        return Role.DATA_PROTECTION_OFFICER in self.actor.roles

    @property
    def may_ask_what_if(self) -> bool:
        """Whether this reader may ask what other editions would have asked of the past."""
        return bool(self.actor.roles & ASKS_WHAT_IF)

    @property
    def name(self) -> str:
        """What tells this sight from another, for the tag of an answer and for cursors."""
        seen = sorted(self.records.organisations or ())
        return f"{self.actor.organisation}:{','.join(sorted(self.actor.roles))}:{','.join(seen)}"


def sight_of(actor: Actor, commissioned: Iterable[OdsCode] = ()) -> Sight:
    """What somebody sees; `commissioned` are the providers that their organisation commissions today.

    Raises nothing: who sees nothing is given an empty scope, in which no record exists.
    """
    seen: set[OdsCode] = set()
    if actor.roles & READS_OWN:
        seen.add(actor.organisation)
    if Role.COMMISSIONER in actor.roles:
        seen.update(commissioned)
    records = Scope(actor, frozenset(seen))
    return Sight(actor, records, Scope(actor, None) if Role.ADMINISTRATOR in actor.roles else records)
