"""The ground on which the demonstration plays: fictitious organisations with codes that are not issued."""

from collections.abc import Mapping
from typing import Any, Final

from service.demo.cast import ADMINISTRATOR
from service.demo.client import LedgerClient, RefusedError

PLAN: Final = "zz1-plan-2026"
_FROM: Final = "2024-04-01"
_STANDING: Final = frozenset({"organisation.taken", "organisation.commissioned-already"})
"""Refusals that say no more than that somebody was here before."""

_COMMANDS: Final[tuple[tuple[str, Mapping[str, Any]], ...]] = (
    ("/v1/organisations", {"ods": "ZZQ", "name": "Anyshire Integrated Care Board", "kind": "commissioner"}),
    (
        "/v1/organisations",
        {
            "ods": "ZZ1",
            "name": "Anytown University Hospitals NHS Trust",
            "kind": "provider",
            "provider_type": "health_service_body",
            "psirf_adopted_on": "2023-09-01",
        },
    ),
    (
        "/v1/organisations",
        {
            "ods": "ZZ2",
            "name": "Othertown Mental Health NHS Trust",
            "kind": "provider",
            "provider_type": "health_service_body",
            "psirf_adopted_on": "2023-11-01",
        },
    ),
    (
        "/v1/organisations",
        {
            "ods": "ZZ3",
            "name": "Elm Tree Example Care Home",
            "kind": "provider",
            "provider_type": "other_registered_person",
        },
    ),
    *(
        (f"/v1/organisations/{provider}/commissioners", {"commissioner": "ZZQ", "from_on": _FROM})
        for provider in ("ZZ1", "ZZ2", "ZZ3")
    ),
    ("/v1/organisations/ZZ1/local-plans", {"plan": PLAN, "from_on": "2026-01-01"}),
)


async def prepare_ground(client: LedgerClient) -> None:
    """Register the organisations, who commissions them and the local plan of ZZ1; what stands already stays."""
    for number, (path, body) in enumerate(_COMMANDS):
        try:
            await client.give(ADMINISTRATOR, path, body, key=f"demo-ground-{number}")
        except RefusedError as refused:
            if refused.code not in _STANDING:
                raise
