"""How many requests there were and how long they took, by method, route template and status."""

from typing import Final

from prometheus_client import CollectorRegistry, Gauge, Histogram

_BUCKETS: Final = (0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10)
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class RequestMetrics:
    """The edge's own figures. A label never comes from a request: paths are templates, odd methods are `other`."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._seconds = Histogram(
            "http_server_request_duration_seconds",
            "Time from the first byte of a request to the last of its answer",
            ("method", "route", "status"),
            buckets=_BUCKETS,
            registry=registry,
        )
        self.in_flight = Gauge("http_server_requests_in_flight", "Requests being answered", registry=registry)
        self._series: dict[tuple[str, str, int], Histogram] = {}

    def observe(self, method: str, route: str, status: int, *, seconds: float) -> None:
        """Count one answered request."""
        key = (method if method in _METHODS else "other", route, status)
        series = self._series.get(key)
        if series is None:
            series = self._series[key] = self._seconds.labels(key[0], route, str(status))
        series.observe(seconds)
