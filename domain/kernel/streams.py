"""The kinds of stream, and the ids of streams that can be computed instead of looked up."""

from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Final
from uuid import UUID, uuid5

from domain.kernel.words import OdsCode

_NAMESPACE: Final = UUID("5b1f6c1e-6b0a-5f0e-9a3c-1d2c6f0e7a11")

LEDGER_STREAM: Final = uuid5(_NAMESPACE, "ledger")
"""The stream that says when this ledger was opened and by which clock it runs."""


class Kind(StrEnum):
    """What a stream is about: one kind for each aggregate."""

    LEDGER = "ledger"
    ORGANISATION = "organisation"
    INCIDENT = "incident"
    EVIDENCE = "evidence"
    CANDOUR = "candour"
    LEARNING_RESPONSE = "learning_response"
    ACTION = "action"
    AUDIT_SAMPLE = "audit_sample"
    ACCESS_LOG = "access_log"
    ERASURE = "erasure"


@lru_cache(maxsize=4096)
def organisation_stream(ods: OdsCode) -> UUID:
    """The stream of an organisation, from its ODS code: one code, one stream, for ever."""
    return uuid5(_NAMESPACE, f"organisation:{ods}")


def access_day_stream(day: date) -> UUID:
    """The stream of one day's digests of the access log: one day (in London), one stream."""
    return uuid5(_NAMESPACE, f"access-log:{day.isoformat()}")
