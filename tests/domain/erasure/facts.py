"""Facts about one erasure, and the histories that lead to each of its stages."""

from datetime import timedelta
from typing import Any, Final

from domain.erasure.contents import Contents, SealedValue
from domain.erasure.events import (
    ErasureApproved,
    ErasureCarriedOut,
    ErasureHeld,
    ErasureRefused,
    ErasureRequested,
    ErasureWithdrawn,
)
from domain.erasure.state import Erasure
from domain.erasure.words import ErasureGround, NamedText
from domain.kernel.actor import Actor, Role
from domain.kernel.envelope import after, first
from domain.kernel.personal import Narrative
from domain.kernel.words import Code, ErasureId, HoldId, IncidentId, KeyId, PersonId
from tests.support.decisions import a_stamp, an_actor, an_id

ERASURE = ErasureId(an_id(0xE1))
INCIDENT, OTHER_INCIDENT = IncidentId(an_id(0x11)), IncidentId(an_id(0x12))
PAT, SAM = PersonId(an_id(0xA)), PersonId(an_id(0xB))
PATS_KEY, SAMS_KEY, TEXT_KEY, STEP_KEY = (KeyId(an_id(number)) for number in (0x1A, 0x1B, 0x1C, 0x1D))
HOLD, OTHER_HOLD = HoldId(an_id(0x401)), HoldId(an_id(0x402))
OFFICER = an_actor(Role.DATA_PROTECTION_OFFICER, number=5)
SECOND = an_actor(Role.APPROVER, number=6)
DUE_AT: Final = a_stamp(days=8).at
"""Seven days after the approval of day one."""


def words(text: str = "Filed under the wrong number.") -> Narrative:
    return Narrative(ERASURE, text, KeyId(an_id(0x1E)))


def place(position: int, path: str) -> NamedText:
    return NamedText(position, Code(path))


def a_value(
    position: int, path: str, key: KeyId, *, person: PersonId | None = None, erased: bool = False
) -> SealedValue:
    return SealedValue(position, Code(path), key, person, erased)


VALUES: Final = (
    a_value(2, "what_happened", TEXT_KEY),
    a_value(3, "name", PATS_KEY, person=PAT),
    a_value(3, "nhs_number", PATS_KEY, person=PAT),
    a_value(4, "name", SAMS_KEY, person=SAM),
    a_value(5, "facts_known", STEP_KEY),
    a_value(5, "next_enquiries", STEP_KEY),
)


def contents(*values: SealedValue, **more: Any) -> Contents:
    """One case that names two people, with one text alone and two that were written in one step."""
    held = {"keys_about": frozenset({PATS_KEY})} | more
    return Contents((INCIDENT,), values or VALUES, **held)


def requested(*texts: NamedText, by: Actor = OFFICER) -> ErasureRequested:
    return ErasureRequested(
        **first(Erasure, ERASURE, a_stamp()),
        person=PAT,
        incident=INCIDENT,
        incidents=(INCIDENT,),
        ground=ErasureGround.FILED_BY_MISTAKE,
        reasons=words(),
        texts=texts,
        requested_by=by.id,
    )


def _erasure() -> Erasure:
    made: Erasure = requested().mutate(None)  # type: ignore[assignment]  # a first event makes its aggregate
    return made


_AFTER: Final = after(_erasure(), a_stamp(days=1))


def approved() -> ErasureApproved:
    return ErasureApproved(**_AFTER, approved_by=SECOND.id, due_at=DUE_AT)


def held(*holds: HoldId) -> ErasureHeld:
    return ErasureHeld(**_AFTER, holds=holds or (HOLD,))


STAGES: Final[dict[str, tuple[Any, ...]]] = {
    "requested": (requested(),),
    "approved": (requested(), approved()),
    "held": (requested(), approved(), held()),
    "refused": (requested(), ErasureRefused(**_AFTER, reasons=words(), refused_by=SECOND.id)),
    "withdrawn": (requested(), ErasureWithdrawn(**_AFTER, reasons=words(), withdrawn_by=OFFICER.id)),
    "carried out": (
        requested(),
        approved(),
        ErasureCarriedOut(**_AFTER, keys=(PATS_KEY,), values=2, texts=0, events=1),
    ),
}
assert DUE_AT - a_stamp(days=1).at == timedelta(days=7)
