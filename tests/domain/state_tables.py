"""A command tried on every state of its aggregate: what is recorded, that nothing new is, or the refusal."""

from collections.abc import Mapping
from typing import Any

import pytest

from domain.kernel.refusal import Refusal
from tests.support.decisions import Outcome

NOTHING = None
"""The command is taken and records nothing new."""


def over_every_state(states: Mapping[str, tuple[Any, ...]], expected: Mapping[str, Any]) -> pytest.MarkDecorator:
    """Run a test with `history` and `expected` for each state; a state left out of the table is an error."""
    assert set(states) == set(expected), set(states) ^ set(expected)
    cases = [pytest.param(states[name], expected[name], id=name.replace(" ", "-")) for name in states]
    return pytest.mark.parametrize(("history", "expected"), cases)


def check(outcome: Outcome, expected: type[Any] | None) -> Outcome:
    """The outcome is the one that the table says: an event class, a refusal class, or `NOTHING`."""
    if expected is None:
        return outcome.then_nothing()
    if issubclass(expected, Refusal):
        return outcome.then_refused(expected)
    return outcome.then(expected)
