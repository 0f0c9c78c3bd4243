"""The bytes of an access record that its hash is made of, and the chain of hashes.

The function in the database writes the same bytes (`migrations/sql/0012_access.sql`): RFC 8785 of one flat object, so that
anybody can make them again with a tool of their own.
"""

import hashlib
from datetime import UTC, datetime
from typing import Final

import rfc8785

from service.store.access.records import Access

FORMAT: Final = "incident-ledger-access/1"

GENESIS: Final = bytes(32)
"""What stands before the first record."""


def canonical(record: Access) -> bytes:
    """The bytes of a record; its hash is no part of them."""
    return rfc8785.dumps(
        {
            "actor": str(record.actor),
            "at": _instant(record.at),
            "cases": [[str(named.case), named.organisation] for named in record.cases],
            "correlation_id": record.correlation_id,
            "format": FORMAT,
            "kind": record.kind,
            "method": record.method,
            "number": record.number,
            "organisation": record.organisation,
            "past": record.past,
            "position": record.position,
            "purpose": record.purpose,
            "purpose_stated": record.purpose_stated,
            "request_id": str(record.request_id),
            "roles": list(record.roles),
            "route": record.route,
            "words_opened": record.words_opened,
        }
    )


def chained(previous: bytes, record: Access) -> bytes:
    """The hash of a record that stands after the one with the hash `previous`."""
    return hashlib.sha256(previous + canonical(record)).digest()


def _instant(at: datetime) -> str:
    """An instant as everywhere where bytes are hashed: UTC, always six decimals."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
