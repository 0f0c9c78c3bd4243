"""The fields of the two lists of a result, in order, with their types."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

_OF_CASE: Final[Mapping[str, Any]] = {
    "provider": str,
    "provider_name": str | None,
    "incident_id": UUID,
    "local_reference": str,
    "site": str | None,
    "division": str | None,
    "specialty": str | None,
    "financial_year": str,
    "quarter": str,
    "discovered_at": datetime,
    "case_status": str,
}

INCIDENT: Final[Mapping[str, Any]] = {
    **_OF_CASE,
    "regime": str,
    "own_editions": list[str],
    "other_editions": list[str],
    "only_under_own": int,
    "only_under_other": int,
    "changed": int,
    "same": int,
    "missed_under_own": int,
    "missed_under_other": int,
    "assessed": list[str],
    "why": list[str],
}
"""One row for each incident whose duties change."""

STOOD: Final[Mapping[str, Any]] = {
    "edition": str | None,
    "force": str | None,
    "verified": bool | None,
    "unit": str | None,
    "length": int | None,
    "started_by": str | None,
    "started_at": datetime | None,
    "due_at": datetime | None,
    "met_at": datetime | None,
    "status": str | None,
    "missed": bool | None,
    "lapsed": bool | None,
    "assessed": bool | None,
}
"""A duty under one of the two lists of editions; all null where it is not owed under that one."""

DUTY: Final[Mapping[str, Any]] = {
    **_OF_CASE,
    "rule": str,
    "title": str,
    "person": UUID | None,
    "learning_response_id": UUID | None,
    "difference": str,
    "why": list[str],
    **{f"own_{name}": kind for name, kind in STOOD.items()},
    **{f"other_{name}": kind for name, kind in STOOD.items()},
}
"""One row for each duty that differs."""
