"""How the service is, for `/_status`: the database, the head of the ledger, the read models, the reactions, the proof."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from asyncpg import InternalClientError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from projections.engine.model import AnyReadModel
from projections.engine.positions import STOPPED
from projections.engine.queries import ReadModels
from projections.engine.reading import Standing
from service.api.health import Condition
from service.store.ledger import Ledger, LedgerUnavailableError
from service.store.proofs.proofs import Proofs
from service.store.proofs.proofs import Standing as ProofStanding

_REACTIONS: Final = "reactions"
_NUMBERS: Final = "nhs_numbers"
_PROOF: Final = "proof"
_WITNESSES: Final = "witnesses"
_PATIENCE_SECONDS: Final = 5.0
"""Whoever asks gives up after seconds: a database that answers later is away."""

_AWAY: Final = (LedgerUnavailableError, OSError, TimeoutError, DBAPIError, PoolTimeoutError, InternalClientError)
"""How a database that cannot be reached, or has no connection left to give, shows itself."""


class LedgerVitals:
    """Looks at the ledger, the read models and the proof; a database that cannot be reached is said, never raised."""

    def __init__(
        self, ledger: Ledger, read_models: ReadModels, models: Sequence[AnyReadModel], proofs: Proofs | None = None
    ) -> None:
        self._ledger = ledger
        self._read_models = read_models
        self._models = models
        self._proofs = proofs

    async def look(self) -> Condition:
        """The condition now."""
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                head = await self._ledger.head()
                standings = await self._read_models.standings(*self._models)
                reactions = await self._read_models.status_of(_REACTIONS)
                numbers = await self._read_models.status_of(_NUMBERS)
                proof = await self._proofs.standing() if self._proofs else None
        except _AWAY:
            return Condition(database=False)
        condition = Condition(
            database=True,
            position=head.position,
            recorded_at=head.recorded_at,
            simulated=head.simulated,
            clock=head.recorded_at if head.simulated else None,
            lags={each.model.name: max(0, head.position - each.position) for each in standings},
            checks=self._checks(standings) | {_REACTIONS: reactions != STOPPED, _NUMBERS: numbers != STOPPED},
        )
        return condition if proof is None else _with_proof(condition, proof)

    def _checks(self, standings: Sequence[Standing]) -> dict[str, bool]:
        """Whether each read model runs, and can be asked by this program: one that must be rebuilt answers nobody."""
        held = {each.model.name: each.status != STOPPED and each.is_current for each in standings}
        return {model.name: held.get(model.name, False) for model in self._models}


def _with_proof(condition: Condition, proof: ProofStanding) -> Condition:
    """The same with the proof: what was signed is what nothing else says whether it still holds."""
    reasons = {}
    if proof.stopped or proof.alarm is not None:
        reasons[_PROOF] = proof.alarm or "It has stopped."
    if proof.conflict is not None:
        conflict = proof.conflict
        reasons[_WITNESSES] = f"{conflict.witness} holds another history than the checkpoint of {conflict.size} events."
    size = proof.checkpoint.size if proof.checkpoint else 0
    return replace(
        condition,
        checkpoint=size or None,
        unproved=max(0, condition.position - size),
        checks={**condition.checks, _PROOF: _PROOF not in reasons, _WITNESSES: _WITNESSES not in reasons},
        reasons=reasons,
    )
