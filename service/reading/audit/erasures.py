"""Erasures as they are shown, each that was carried out with its certificate: what was destroyed, and what remains."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement

from domain.erasure.events import ErasureCarriedOut
from projections.engine.reading import Reading
from projections.erasures.model import MODEL
from projections.erasures.queries import NEWEST_FIRST, ErasureFilter, matching
from projections.erasures.rows import ErasureRow
from service.reading.forms import Form, plain
from service.reading.listings import Listing
from service.reading.sight import Audience
from service.store.codec import Codec
from service.store.ledger import Ledger

STATEMENT: Final = (
    "What was held about this person under the keys named here was rendered permanently unreadable and put beyond use."
)
UNFINISHED: Final = "The erasure is recorded, and its keys are being destroyed: part of it can still be read."
REMAINS: Final = (
    "the ciphertext, which nobody can open",
    "what kind of event happened, when, and in which case",
    "organisations, roles and job titles",
    "pseudonymous ids of the person and of those who acted",
    "the counts in which the person is one",
)
BACKUPS: Final = (
    "A backup of the database made before the erasure still holds the keys, wrapped: they are destroyed again, from the"
    " ledger and from the journal beside its keys, before a restored copy is served. Let such backups expire, and never"
    " keep them together with the key-encryption keys. Exports that were handed out before are with whoever has them."
)


def _cases(row: ErasureRow) -> Sequence[UUID]:
    return row.incident_ids


def _of_person(reading: Reading, wanted: ErasureFilter, _as_of: datetime) -> list[ColumnElement[bool]]:
    return matching(reading, wanted)


ERASURE: Final = Form(ErasureRow, cases=_cases, audience=Audience.ERASURES)
ERASURES: Final = Listing(MODEL, NEWEST_FIRST, ERASURE, _of_person)


async def certificate_of(row: ErasureRow, ledger: Ledger, codec: Codec, *, position: int) -> dict[str, Any] | None:
    """The certificate of an erasure, as of a position of the ledger; None until it is carried out.

    That its keys are gone is not taken on trust: they are looked for.
    """
    if row.carried_out_position is None:
        return None
    [event] = await ledger.read_all(after=row.carried_out_position - 1, limit=1)
    fact = codec.decode(event)
    assert isinstance(fact, ErasureCarriedOut), "the read model was told of it at this position"
    found = await ledger.keys(fact.keys) if fact.keys else {}
    standing = sum(bool(key.wrapped) for key in found.values())
    return {
        "statement": UNFINISHED if standing else STATEMENT,
        "person_id": str(row.person_id),
        "requested_by": str(row.requested_by),
        "approved_by": plain(row.approved_by),
        "carried_out_at": plain(row.carried_out_at),
        "positions": [row.requested_position, row.approved_position, row.carried_out_position],
        "ledger_position": position,
        "keys": [str(key) for key in fact.keys],
        "keys_standing": standing,
        "values_erased": fact.values,
        "texts_erased": fact.texts,
        "events_touched": fact.events,
        "remains": list(REMAINS),
        "backups": BACKUPS,
        "proof": f"/v1/audit/proofs/inclusion?position={row.carried_out_position}",
    }
