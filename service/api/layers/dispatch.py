"""Straight to the endpoint, for routes that read their request themselves.

The framework tries its routes one after another and resolves dependencies for each call; with a hundred routes that
costs more than a whole command. It stays the register of all routes (OpenAPI, 404, 405); a route whose endpoint takes
the request and nothing else is found here, by the segments of its path.
"""

import inspect
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from typing import Final, cast

from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Receive, Scope, Send

Endpoint = Callable[[Request], Awaitable[Response]]

_ANY: Final = "{}"


@dataclass(slots=True)
class _Node:
    """One segment of the paths that are served: what may follow, and the routes that end here by method."""

    following: dict[str, "_Node"] = field(default_factory=dict)
    routes: dict[str, APIRoute] = field(default_factory=dict)


class DispatchLayer:
    """Calls the endpoint of a route that is known here; hands everything else on."""

    def __init__(self, app: ASGIApp, *, routes: Iterable[BaseRoute]) -> None:
        self._app = app
        self._root = _Node()
        for route in routes:
            if isinstance(route, APIRoute) and _takes_request_only(route):
                self._add(route)

    def _add(self, route: APIRoute) -> None:
        node = self._root
        for segment in route.path_format.split("/"):
            node = node.following.setdefault(_ANY if segment.startswith("{") else segment, _Node())
        for method in route.methods or ():
            node.routes.setdefault(method, route)

    def _find(self, scope: Scope) -> tuple[APIRoute, dict[str, str]] | None:
        """The route of this path and method, with the values in its path; what is literal wins over what is not."""
        node, values = self._root, []
        for segment in scope["path"].split("/"):
            following = node.following.get(segment)
            if following is None or segment == _ANY:
                following = node.following.get(_ANY)
                values.append(segment)
                if following is None or not segment:
                    return None
            node = following
        route = node.routes.get(scope["method"])
        return None if route is None else (route, dict(zip(route.param_convertors, values, strict=True)))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        found = self._find(scope) if scope["type"] == "http" else None
        if found is None:
            await self._app(scope, receive, send)
            return
        scope["route"], scope["path_params"] = found
        endpoint = cast("Endpoint", found[0].endpoint)
        response = await endpoint(Request(scope, receive, send))
        await response(scope, receive, send)


def _takes_request_only(route: APIRoute) -> bool:
    """Whether the route can be called without the framework: an async endpoint, text in its path, nothing injected."""
    parameters = list(inspect.signature(route.endpoint).parameters.values())
    plain = all("{" not in segment or segment[1:-1].isidentifier() for segment in route.path_format.split("/"))
    text = all(type(each).__name__ == "StringConvertor" for each in route.param_convertors.values())
    alone = len(parameters) == 1 and parameters[0].name == "request" and not route.dependencies
    return alone and plain and text and inspect.iscoroutinefunction(route.endpoint)
