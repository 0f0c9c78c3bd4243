"""Proofs: that an event stands in the signed log, and that the log has only grown between two checkpoints."""

from typing import Any, Final

from fastapi import APIRouter
from pydantic import BaseModel, Field, create_model
from starlette.requests import Request
from starlette.responses import Response

from service.api.openapi import query
from service.api.parameters import NoParameters, Position, read_parameters
from service.api.problems import ProblemError
from service.api.queries.asking import not_found, said_in_problems
from service.api.queries.audit.checkpoints import CHECKPOINT, TAG, TEXT, proof_of, said
from service.proof.lines import base64_of, hash_lines
from service.reading.audit.proofs import NotCoveredError, ProofReading, checkpoint_shown
from service.store.proofs.proofs import Published

_INCLUSION: Final[type[BaseModel]] = create_model(
    "InclusionProof",
    position=(int, ...),
    leaf_index=(int, ...),
    leaf_hash=(str, ...),
    path=(list[str], ...),
    checkpoint=(CHECKPOINT, ...),
)
_CONSISTENCY: Final[type[BaseModel]] = create_model(
    "ConsistencyProof",
    first_size=(int, Field(alias="from")),
    second_size=(int, Field(alias="to")),
    path=(list[str], ...),
    checkpoint=(CHECKPOINT, ...),
)


class InclusionParameters(NoParameters):
    """Of which event, and under the checkpoint of which size (default: the largest)."""

    position: Position
    size: Position | None = None
    min_position: Position | None = None


_NAMES: Final[dict[str, Any]] = {"from": (Position, ...), "to": (Position | None, None)}
ConsistencyParameters: Final[type[NoParameters]] = create_model(
    "ConsistencyParameters", __base__=NoParameters, **_NAMES
)
"""From the tree of which size to the checkpoint of which size (default: the largest). `from` can be no attribute."""


def add_proofs(router: APIRouter) -> None:
    """Serve the proofs."""
    summary = "The proof that an event stands at its position under a checkpoint"
    inclusion = query(InclusionParameters, _INCLUSION, summary=summary, tag=TAG, forms=(TEXT,))
    router.get("/v1/audit/proofs/inclusion", **inclusion)(inclusion_proof)
    summary = "The proof that the log has only grown from one size to another"
    consistency = query(ConsistencyParameters, _CONSISTENCY, summary=summary, tag=TAG, forms=(TEXT,))
    router.get("/v1/audit/proofs/consistency", **consistency)(consistency_proof)


async def inclusion_proof(request: Request) -> Response:
    """Where an event stands in the tree, and the path from it to the root."""
    parameters = read_parameters(request, InclusionParameters)
    reading, position = proof_of(request), parameters.position
    async with said_in_problems():
        await reading.latest(min_position=parameters.min_position or 0)
        under = await _under(reading, position, parameters.size)
    leaf, proof = await reading.inclusion(position, under)
    head = await reading.head()
    body = {
        "position": position,
        "leaf_index": proof.index,
        "leaf_hash": leaf.hex(),
        "path": [base64_of(each) for each in proof.path],
        "checkpoint": checkpoint_shown(under, head=head),
    }
    return await said(request, body, proof.text, under, head=head)


async def _under(reading: ProofReading, position: int, size: int | None) -> Published:
    """The checkpoint under which the event is shown to stand.

    Raises:
        ProblemError: there is no such event, no such checkpoint, or it does not cover the event (yet).
    """
    try:
        under = await reading.covered(position) if size is None else await reading.at(size)
    except NotCoveredError:
        raise ProblemError("proof.not-covered") from None
    if under is None or not 0 < position <= under.size:
        raise not_found()
    return under


async def consistency_proof(request: Request) -> Response:
    """The path that leads from an older tree to a checkpoint."""
    parameters = read_parameters(request, ConsistencyParameters)
    asked: dict[str, int | None] = parameters.model_dump()
    reading, first, second = proof_of(request), asked["from"] or 0, asked["to"]
    to = await (reading.latest() if second is None else reading.at(second))
    if to is None or not 0 < first <= to.size:
        raise not_found()
    path = await reading.consistency(first, to.size)
    head = await reading.head()
    body = {
        "from": first,
        "to": to.size,
        "path": [base64_of(each) for each in path],
        "checkpoint": checkpoint_shown(to, head=head),
    }
    return await said(request, body, f"{hash_lines(path)}\n{to.note}", to, head=head)
