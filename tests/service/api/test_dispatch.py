"""Routes that read their request themselves are found by the segments of their path."""

from typing import Any

import httpx
import pytest
from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from service.api.layers.dispatch import DispatchLayer

reached: list[str] = []


async def told(request: Request) -> Response:
    reached.append("told")
    return JSONResponse({"route": request.scope["route"].path_format, "values": request.path_params})


async def injected(request: Request, name: str) -> Response:
    return await told(request)


def blocking(request: Request) -> Response:
    return Response()


def routes() -> APIRouter:
    router = APIRouter(prefix="/v1")
    for path in ("/a/{first}", "/a/summary", "/a/{one}/b/{two}", "/a/summary/b/c", "/batch:all", "/odd/{x}.json"):
        router.get(path)(told)
    router.post("/a/{other}")(told)
    router.get("/typed/{x:int}")(told)
    router.get("/guarded/{x}", dependencies=[Depends(lambda: None)])(told)
    router.get("/injected/{name}")(injected)
    router.get("/blocking", response_model=None)(blocking)
    return router


async def elsewhere(scope: Any, receive: Any, send: Any) -> None:
    await JSONResponse("elsewhere")(scope, receive, send)


async def ask(path: str, method: str = "GET") -> Any:
    app = DispatchLayer(elsewhere, routes=routes().routes)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://ledger.test") as client:
        return (await client.request(method, path)).json()


@pytest.mark.parametrize(
    ("method", "path", "route", "values"),
    [
        ("GET", "/v1/a/7", "/v1/a/{first}", {"first": "7"}),
        ("POST", "/v1/a/7", "/v1/a/{other}", {"other": "7"}),
        ("GET", "/v1/a/summary", "/v1/a/summary", {}),
        ("GET", "/v1/a/7/b/%C3%A9%20x", "/v1/a/{one}/b/{two}", {"one": "7", "two": "\xe9 x"}),
        ("GET", "/v1/a/summary/b/c", "/v1/a/summary/b/c", {}),
        ("GET", "/v1/batch:all", "/v1/batch:all", {}),
    ],
)
async def test_a_route_is_found_and_what_is_literal_wins(
    method: str, path: str, route: str, values: dict[str, str]
) -> None:
    assert await ask(path, method) == {"route": route, "values": values}


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"),
        ("GET", "/v1/a"),
        ("GET", "/v1/a/"),
        ("GET", "/v1/a//b/c"),
        ("GET", "/v1/a/7/"),
        ("DELETE", "/v1/a/7"),
        ("GET", "/v1/a/summary/b/d"),
        ("GET", "/v1/{}/7"),
        ("GET", "/v1/odd/7.json"),
        ("GET", "/v1/typed/7"),
        ("GET", "/v1/guarded/7"),
        ("GET", "/v1/injected/x"),
        ("GET", "/v1/blocking"),
    ],
)
async def test_everything_else_is_left_to_the_framework(method: str, path: str) -> None:
    assert await ask(path, method) == "elsewhere"
