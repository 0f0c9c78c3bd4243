"""A witness brings its cosignature: an auditor, regulator or commissioner who has checked that the log only grew."""

from http import HTTPStatus
from typing import Annotated, Final

import orjson
from fastapi import APIRouter
from pydantic import BaseModel, StringConstraints, create_model
from starlette.requests import Request
from starlette.responses import Response

from service.api.app import caller_of
from service.api.bodies import StrictModel, read_body
from service.api.conventions import JSON, accepted
from service.api.openapi import asking
from service.api.problems import ProblemError
from service.api.queries.asking import not_found
from service.api.queries.audit.checkpoints import TAG, proof_of, size_described, size_in
from service.proof.notes import NoteError
from service.reading.audit.proofs import COSIGNS

_LONGEST: Final = 1_000
_KEPT: Final[type[BaseModel]] = create_model(
    "CosignatureKept", size=(int, ...), name=(str, ...), key_id=(str, ...), links=(dict[str, str], ...)
)


class CosignatureBrought(StrictModel):
    """One signature line, as a witness makes it: a dash, the key's name, and base64."""

    cosignature: Annotated[str, StringConstraints(min_length=1, max_length=_LONGEST)]


def add_witnesses(router: APIRouter) -> None:
    """Take cosignatures."""
    summary = "Bring the cosignature of a witness under a checkpoint"
    described = asking(CosignatureBrought, _KEPT, summary=summary, tag=TAG)
    kept = described["responses"].pop(HTTPStatus.OK.value) | {"description": "Verified and kept"}
    described["responses"] = {HTTPStatus.CREATED.value: kept, **described["responses"]}
    parameters = described["openapi_extra"].setdefault("parameters", [])
    parameters.append(size_described())
    path = "/v1/audit/checkpoints/{size}/cosignatures"
    router.post(path, **described | {"status_code": HTTPStatus.CREATED.value})(bring_cosignature)


async def bring_cosignature(request: Request) -> Response:
    """Keep a cosignature that one of the witnesses of the settings has made."""
    body = await read_body(request, CosignatureBrought)
    accepted(request)
    reading = proof_of(request)
    if not caller_of(request).actor.roles & COSIGNS:
        raise ProblemError("access.not-permitted")
    found = await reading.at(size_in(request))
    if found is None:
        raise not_found()
    try:
        kept = await reading.keep_cosignature(found, body.cosignature)
    except NoteError:
        raise ProblemError("proof.cosignature-refused") from None
    own = f"/v1/audit/checkpoints/{found.size}"
    shown = {"size": found.size, "name": kept.name, "key_id": kept.key_id.hex(), "links": {"checkpoint": own}}
    return Response(orjson.dumps(shown), HTTPStatus.CREATED, {"Location": own}, JSON)
