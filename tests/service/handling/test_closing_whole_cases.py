"""What a whole case still lacks before it closes, told by its own streams."""

from domain.action.commands.accept_action import AcceptAction, accept_action
from domain.action.commands.hand_over_action import HandOverAction, hand_over_action
from domain.action.commands.monitor_action import MonitorAction, monitor_action
from domain.kernel.words import Label, PersonId
from domain.policy.questions import Outcome, Question
from tests.support.decisions import an_id
from tests.support.incidents import name, words
from tests.support.whole_cases import WholeCase, utc

NOW = utc("2026-03-03 09:00")


def nobody_involved() -> WholeCase:
    case = WholeCase(utc("2026-03-02 09:00"), patients=())
    case.decided(Question.PLAN_PRIORITY, Outcome.NOT_MET, NOW)
    return case


def test_an_action_needs_an_owner_who_accepted_it_and_a_group_and_may_stay_open() -> None:
    case = nobody_involved()
    action = case.agreed(NOW)
    assert case.closing(NOW, reason="Under way.") == ("action-not-accepted", "action-not-monitored")
    case.other(action, accept_action, AcceptAction(), NOW)
    case.other(action, monitor_action, MonitorAction(group=Label("Safety group")), NOW)
    next_owner = HandOverAction(
        owner=PersonId(an_id(9)), owner_name=name(), owner_role=Label("Ward manager"), reason=words()
    )
    case.other(action, hand_over_action, next_owner, NOW)
    assert case.closing(NOW, reason="Under way.") == ("action-not-accepted",)
    case.other(action, accept_action, AcceptAction(), NOW)
    assert case.closing(NOW, reason="Under way.") == ()


def test_a_case_without_a_response_needs_a_reason() -> None:
    case = nobody_involved()
    assert case.closing(NOW) == ("reason-missing",)
    assert case.closing(NOW, reason="No learning beyond what is under way.") == ()
