"""How far the ledger is, and what follows it, as figures for Prometheus; taken when they are asked for."""

from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Gauge

if TYPE_CHECKING:
    from service.api.health import Condition


class LedgerFigures:
    """Gauges that are set from a condition. While the database is away they keep what they said last."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._up = Gauge("incident_ledger_database_up", "Whether the database can be reached", registry=registry)
        self._position = Gauge("incident_ledger_position", "The newest position of the ledger", registry=registry)
        self._checkpoint = Gauge(
            "incident_ledger_checkpoint_size", "Events that the largest signed checkpoint covers", registry=registry
        )
        self._unproved = Gauge(
            "incident_ledger_unproved_events", "Events that no signed checkpoint covers yet", registry=registry
        )
        self._lag = Gauge(
            "incident_ledger_projection_lag_events",
            "Events that a read model has not told yet",
            ("name",),
            registry=registry,
        )
        self._check = Gauge(
            "incident_ledger_check",
            "Whether something holds that must hold (1) or not (0)",
            ("name",),
            registry=registry,
        )

    def take(self, condition: "Condition") -> None:
        """Let the gauges say how the service is."""
        self._up.set(condition.database)
        if not condition.database:
            return
        self._position.set(condition.position)
        self._checkpoint.set(condition.checkpoint or 0)
        self._unproved.set(condition.unproved)
        for name, lag in condition.lags.items():
            self._lag.labels(name).set(lag)
        for name, held in condition.checks.items():
            self._check.labels(name).set(held)
