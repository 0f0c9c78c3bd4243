"""What the edge is given when it is made, and where a request finds it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, cast

from starlette.requests import Request

from service.api.fields import NHS_NUMBERS, NhsNumberRange
from service.api.lists.cursors import CursorBox
from service.api.problems import Outages
from service.api.strict_json import JsonLimits

_EDGE: Final = "edge"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much the edge takes at once; beyond that it says so at once, instead of slowing down for everyone."""

    json: JsonLimits = field(default_factory=JsonLimits)
    bulk: JsonLimits = field(default_factory=lambda: JsonLimits(size=8 * 1024 * 1024, values=400_000))
    body_seconds: float = 20.0
    drain_bytes: int = 64 * 1024 * 1024
    drain_seconds: float = 5.0
    writes_in_flight: int = 1024
    reads_in_flight: int = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """The edge's own parts, kept with the application."""

    cursors: CursorBox
    limits: Limits = field(default_factory=Limits)
    outages: Outages = field(default_factory=dict)
    simulated: bool = False
    nhs_numbers: frozenset[NhsNumberRange] = frozenset({NhsNumberRange.ISSUED})
    field_context: Mapping[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "field_context", {NHS_NUMBERS: self.nhs_numbers})


def edge_of(request: Request) -> Edge:
    """The edge that serves a request."""
    return cast("Edge", request.app.state.edge)
