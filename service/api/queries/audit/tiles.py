"""The log as other programs of transparency logs read it (C2SP tlog-tiles): the checkpoint, and tiles of hashes.

Entries are not served: a leaf says whose record an event is. Who may see a case has its leaves in an evidence pack.
"""

from typing import Any, Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from service.api.openapi import query
from service.api.parameters import NoParameters, read_parameters
from service.api.queries.asking import not_found
from service.api.queries.audit.checkpoints import TAG, TEXT, proof_of
from service.proof.tiles import Tile, TileError, parse_path

_BYTES: Final = "application/octet-stream"
_FOR_EVER: Final = "private, max-age=31536000, immutable"
_CHECKPOINT: Final = "checkpoint"


def add_tiles(router: APIRouter) -> None:
    """Serve the checkpoint and the tiles, as static files would be."""
    router.get("/v1/audit/checkpoint", **_described("The largest checkpoint, as the note itself", TEXT))(log_checkpoint)
    described = _described("The checkpoint and the tiles of the log (C2SP tlog-tiles)", _BYTES)
    shown = {"type": "string", "pattern": "^(checkpoint|tile/.*)$"}
    described["openapi_extra"]["parameters"] = [{"name": "path", "in": "path", "required": True, "schema": shown}]
    router.get("/v1/audit/tiles/{path:path}", **described)(tile)


def _described(summary: str, form: str) -> dict[str, Any]:
    described = query(NoParameters, str, summary=summary, tag=TAG)
    content = {form: {"schema": {"type": "string"}}}
    described["responses"][200] = {"description": "The file", "content": content}
    described["responses"].pop(304)
    return described


async def log_checkpoint(request: Request) -> Response:
    """The note of the largest checkpoint, with its cosignatures."""
    read_parameters(request, NoParameters)
    latest = await proof_of(request).latest()
    if latest is None:
        raise not_found()
    headers = {"Cache-Control": "private, no-cache", "Ledger-Position": str(latest.size)}
    return Response(latest.note, headers=headers, media_type=TEXT)


async def tile(request: Request) -> Response:
    """One tile, of those that the tree of the largest checkpoint has."""
    if request.path_params["path"] == _CHECKPOINT:
        return await log_checkpoint(request)
    read_parameters(request, NoParameters)
    reading = proof_of(request)
    wanted, latest = _tile_in(request), await reading.latest()
    if latest is None:
        raise not_found()
    found = await reading.tile(wanted.level, wanted.number, width=wanted.width, size=latest.size)
    if found is None:
        raise not_found()
    return Response(found, headers={"Cache-Control": _FOR_EVER}, media_type=_BYTES)


def _tile_in(request: Request) -> Tile:
    try:
        wanted = parse_path(request.path_params["path"])
    except TileError:
        raise not_found() from None
    if not isinstance(wanted, Tile):
        raise not_found()
    return wanted
