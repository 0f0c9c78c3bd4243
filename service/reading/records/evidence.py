"""The items of evidence of a case, told from its own streams: each with whoever keeps it now."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from domain.evidence.events import CustodyTransferred, EvidencePreserved
from domain.kernel.personal import Narrative, Personal
from domain.kernel.streams import Kind
from projections.engine.reading import Found
from service.reading.forms import Form, the_case_asked_for
from service.store.codec import Codec
from service.store.ledger import LedgerEvent


@dataclass(frozen=True, slots=True)
class Item:
    """One item of evidence as it stands."""

    organisation: str
    id: UUID
    stream_version: int
    item: Narrative
    sha256: str | None
    custodian: Personal
    place: Narrative | None
    preserved_at: datetime
    transfers: int
    transferred_at: datetime | None


ITEM: Final = Form(Item, the_case_asked_for)


def items_of(events: Iterable[LedgerEvent], codec: Codec) -> list[Found[Item]]:
    """The items of a case whose events these are, in the order in which they were secured."""
    items: dict[UUID, Found[Item]] = {}
    for event in events:
        if event.kind != Kind.EVIDENCE:
            continue
        known = items.get(event.stream)
        item = _after(known.row if known else None, event, codec)
        if item is not None:
            items[event.stream] = Found(str(event.stream), item, event.position)
    return list(items.values())


def _after(item: Item | None, event: LedgerEvent, codec: Codec) -> Item | None:
    match codec.decode(event):
        case EvidencePreserved() as fact:
            return Item(
                organisation=event.organisation,
                id=event.stream,
                stream_version=event.version,
                item=fact.item,
                sha256=fact.sha256,
                custodian=fact.custodian,
                place=fact.place,
                preserved_at=event.effective_at,
                transfers=0,
                transferred_at=None,
            )
        case CustodyTransferred() as fact if item is not None:
            return replace(
                item,
                stream_version=event.version,
                custodian=fact.custodian,
                place=fact.place,
                transfers=item.transfers + 1,
                transferred_at=event.effective_at,
            )
    return item
