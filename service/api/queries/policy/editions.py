"""Policy that explains itself: the editions, each rule in a sentence, as JSON and as Markdown, and a search over them."""

import base64
from dataclasses import asdict
from hashlib import sha256
from http import HTTPStatus
from typing import Final

import orjson
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from domain.kernel.words import Code
from domain.policy.edition import Family
from domain.policy.explaining.document import edition_document, edition_markdown, edition_summary
from domain.policy.explaining.searching import search
from domain.policy.library import EditionUnknownError
from service.api.conventions import JSON, accepted
from service.api.fields import Day, ShortText
from service.api.openapi import query
from service.api.parameters import NoParameters, Switch, read_parameters
from service.api.queries.asking import not_found, policy_of
from service.api.queries.policy.forms import EditionItem, EditionShown, PolicyHit

MARKDOWN: Final = "text/markdown"
_TAG: Final = "policy"


class EditionParameters(NoParameters):
    """Which editions: of a family, in force on a day, with or without those that others have replaced."""

    family: Family | None = None
    in_force_on: Day | None = None
    replaced: Switch = True


class SearchParameters(NoParameters):
    """What is looked for; every word must occur, in its own or in another name of the thing."""

    words: ShortText


def add_editions(router: APIRouter) -> None:
    """Serve the editions; they are public to every caller, because rules are not secrets."""
    router.get(
        "/v1/policy/editions",
        **query(EditionParameters, list[EditionItem], summary="Every edition of this build", tag=_TAG),
    )(_editions)
    router.get(
        "/v1/policy/editions/{name}",
        **query(
            NoParameters,
            EditionShown,
            summary="One edition, each rule in one plain sentence, by name or reference",
            tag=_TAG,
            forms=(MARKDOWN,),
        ),
    )(_edition)
    router.get(
        "/v1/policy/search",
        **query(
            SearchParameters, list[PolicyHit], summary="Rules, criteria and terms by words: SI, SIRI, SUI ...", tag=_TAG
        ),
    )(_search)


async def _editions(request: Request) -> Response:
    asked = read_parameters(request, EditionParameters)
    policy = policy_of(request)
    found = [
        edition_summary(edition, policy)
        for edition in policy.editions
        if asked.family in (None, edition.family)
        and (asked.in_force_on is None or edition.is_in_force(asked.in_force_on))
        and (asked.replaced or not policy.is_replaced(edition))
    ]
    accepted(request)
    return _unchanging(request, orjson.dumps(found), JSON)


async def _edition(request: Request) -> Response:
    read_parameters(request, NoParameters)
    policy = policy_of(request)
    try:
        edition = policy.named(Code(request.path_params["name"]))
    except EditionUnknownError:
        raise not_found() from None
    if accepted(request, (JSON, MARKDOWN)) == MARKDOWN:
        return _unchanging(request, edition_markdown(edition, policy).encode(), f"{MARKDOWN}; charset=utf-8")
    return _unchanging(request, orjson.dumps(edition_document(edition, policy)), JSON)


async def _search(request: Request) -> Response:
    asked = read_parameters(request, SearchParameters)
    accepted(request)
    hits = [asdict(hit) for hit in search(policy_of(request), asked.words)]
    return _unchanging(request, orjson.dumps(hits), JSON)


def _unchanging(request: Request, body: bytes, form: str) -> Response:
    """An answer that changes only with the build: it speaks for no position of the ledger."""
    tag = f'"{base64.urlsafe_b64encode(sha256(body).digest()[:18]).decode()}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache", "Vary": "Accept, Authorization"}
    known = {each.strip() for given in request.headers.getlist("if-none-match") for each in given.split(",")}
    if tag in known or "*" in known:
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    return Response(body, headers=headers, media_type=form)
