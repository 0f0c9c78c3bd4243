"""Given / when / then for decisions: facts that stand, a command, and the facts or the refusal that follow.

given(agreed(), accepted()).when(complete_action, command).then(ActionCompleted)
given(agreed()).when(complete_action, command).then_refused(EvidenceMissing)
given().when(agree_action, command).then(ActionAgreed)
"""

from collections.abc import Callable
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from domain.kernel.actor import Actor, Role, Stamp
from domain.kernel.envelope import Fact, FirstFact
from domain.kernel.refusal import Refusal
from domain.kernel.words import ActorId, OdsCode

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def an_actor(*roles: Role, number: int = 1, organisation: str = "ZZ1") -> Actor:
    """Somebody at the fictitious trust ZZ1, unless said otherwise."""
    return Actor(ActorId(UUID(int=number)), OdsCode(organisation), frozenset(roles or {Role.PATIENT_SAFETY_MANAGER}))


def a_stamp(*, days: float = 0, by: Actor | None = None) -> Stamp:
    """A stamp so many days after noon on Monday 2 March 2026."""
    at = NOON + timedelta(days=days)
    return Stamp(by=by or an_actor(), at=at, now=at)


def an_id(number: int) -> UUID:
    """A readable id for tests."""
    return UUID(int=number)


class Outcome:
    """What a decision did."""

    def __init__(self, events: list[Fact | FirstFact], refusal: Refusal | None) -> None:
        self.events = events
        self.refusal = refusal

    def then(self, *expected: type[Any], **values: Any) -> "Outcome":
        """Exactly these kinds of event were recorded; the last one has these field values."""
        assert self.refusal is None, f"refused: {self.refusal!r}"
        assert [type(event) for event in self.events] == list(expected)
        for name, value in values.items():
            assert getattr(self.events[-1], name) == value, name
        return self

    def then_nothing(self) -> "Outcome":
        """The command was taken and recorded nothing new."""
        return self.then()

    def then_refused(self, refusal: type[Refusal], *reasons: str) -> "Outcome":
        """The command was refused for this; each reason given is part of one that was stated."""
        assert self.refusal is not None, f"recorded {[type(event).__name__ for event in self.events]}"
        assert type(self.refusal) is refusal, repr(self.refusal)
        for reason in reasons:
            assert any(reason in stated for stated in self.refusal.reasons), self.refusal.reasons
        return self


class Given:
    """Facts that stand."""

    def __init__(self, *history: Fact | FirstFact) -> None:
        self.history = history

    def aggregate(self) -> Any:
        """The aggregate as these facts leave it; versions are counted here, so that facts can be combined freely."""
        aggregate: Any = None
        for version, event in enumerate(self.history, start=1):
            values = {field.name: getattr(event, field.name) for field in fields(event)}
            values["originator_version"] = version
            if aggregate is not None:
                values["originator_id"] = aggregate.id
            aggregate = type(event)(**values).mutate(aggregate)
        return aggregate

    def when(self, decide: Callable[..., Any], command: Any, stamp: Stamp | None = None, **context: Any) -> Outcome:
        """Decide the command on these facts (on nothing, for a command that begins an aggregate)."""
        aggregate = self.aggregate()
        stamp = stamp or a_stamp(days=1)
        try:
            if aggregate is None:
                aggregate = decide(command, stamp, **context)
            else:
                decide(aggregate, command, stamp, **context)
        except Refusal as refusal:
            assert aggregate is None or not aggregate.pending_events, "a refusal must record nothing"
            return Outcome([], refusal)
        return Outcome(list(aggregate.collect_events()), None)


def given(*history: Fact | FirstFact) -> Given:
    """Start from facts that stand; none for a new aggregate."""
    return Given(*history)
