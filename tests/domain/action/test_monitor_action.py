"""Naming the group that follows an action up."""

from typing import Any

from domain.action.commands.monitor_action import MonitorAction, monitor_action
from domain.action.events import ActionMonitored
from domain.action.refusals import ActionNotOpen
from domain.kernel.words import Label
from tests.domain.action.facts import GROUP, STATES, agreed, monitored
from tests.domain.state_tables import NOTHING, check, over_every_state
from tests.support.decisions import Outcome, given


def monitor(*history: Any, group: Label = GROUP) -> Outcome:
    return given(*history).when(monitor_action, MonitorAction(group=group))


@over_every_state(
    STATES,
    {
        "agreed": ActionMonitored,
        "accepted": ActionMonitored,
        "extended": ActionMonitored,
        "handed over": ActionMonitored,
        "monitored": NOTHING,
        "completed": ActionMonitored,
        "rejected": ActionMonitored,
        "verified": ActionMonitored,
        "withdrawn": ActionNotOpen,
        "withdrawn after completion": ActionNotOpen,
    },
)
def test_naming_a_group_in_every_state(history: tuple[Any, ...], expected: type[Any] | None) -> None:
    check(monitor(*history), expected)


def test_another_group_takes_over() -> None:
    monitor(agreed(), monitored(), group=Label("Quality Committee")).then(ActionMonitored, group="Quality Committee")


def test_the_last_named_group_monitors() -> None:
    action = given(agreed(), monitored(), monitored(Label("Quality Committee"))).aggregate()

    assert action.monitored_by == "Quality Committee"
