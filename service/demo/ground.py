"""The ground on which the demonstration plays: fictitious organisations with codes that are not issued."""

from collections.abc import Mapping
from typing import Any, Final

from service.demo.cast import ADMINISTRATOR
from service.demo.client import LedgerClient, RefusedError

PLAN: Final = "zz1-plan-2026"
_FROM: Final = "2024-04-01"
_STANDING: Final = frozenset({"organisation.taken", "organisation.commissioned-already"})
"""Refusals that say no more than that somebody was here before."""

_Commands = tuple[tuple[str, Mapping[str, Any]], ...]


def _provider(ods: str, name: str, provider_type: str = "health_service_body", **more: str) -> tuple[str, Any]:
    body = {"ods": ods, "name": name, "kind": "provider", "provider_type": provider_type, **more}
    return "/v1/organisations", body


def _commissioned(provider: str, from_on: str = _FROM, to_on: str | None = None) -> tuple[str, Any]:
    relation = {"commissioner": "ZZQ", "from_on": from_on, "to_on": to_on}
    return f"/v1/organisations/{provider}/commissioners", relation


_OF_2019: Final[_Commands] = (
    ("/v1/organisations", {"ods": "ZZQ", "name": "Anyshire Integrated Care Board", "kind": "commissioner"}),
    _provider("ZZ2", "Othertown Mental Health NHS Trust", psirf_adopted_on="2023-11-01"),
    # In two parts, for ledgers on which the story was played before it began in 2019: the second part stands there.
    _commissioned("ZZ2", "2015-04-01", "2024-03-31"),
    _commissioned("ZZ2"),
)
_OF_2026: Final[_Commands] = (
    _provider("ZZ1", "Anytown University Hospitals NHS Trust", psirf_adopted_on="2023-09-01"),
    _provider("ZZ3", "Elm Tree Example Care Home", "other_registered_person"),
    _commissioned("ZZ1"),
    _commissioned("ZZ3"),
    ("/v1/organisations/ZZ1/local-plans", {"plan": PLAN, "from_on": "2026-01-01"}),
)


async def prepare_ground_of_2019(client: LedgerClient) -> None:
    """Register the trust of the old case and its commissioner; what stands already stays."""
    await _prepare(client, _OF_2019, "2019")


async def prepare_ground_of_2026(client: LedgerClient) -> None:
    """Register the other organisations, who commissions them and the local plan of ZZ1; what stands already stays."""
    await _prepare(client, _OF_2026, "2026")


async def _prepare(client: LedgerClient, commands: _Commands, year: str) -> None:
    for number, (path, body) in enumerate(commands):
        try:
            await client.give(ADMINISTRATOR, path, body, key=f"demo-ground-{year}-{number}")
        except RefusedError as refused:
            if refused.code not in _STANDING:
                raise
