"""A clock that a fact of the incident starts is opened in the same append, whichever command records the fact."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from domain.incident.closing import CaseAtClosing
from domain.incident.commands.add_facts import AddFacts, add_facts
from domain.incident.commands.close_incident import CloseIncident, close_incident
from domain.incident.commands.make_initial_review import MakeInitialReview, make_initial_review
from domain.incident.commands.notify_body import NotifyBody, notify_body
from domain.incident.commands.report_incident import report_incident
from domain.incident.commands.secure_safety import SecureSafety, secure_safety
from domain.incident.commands.submit_externally import SubmitExternally, submit_externally
from domain.incident.duty_events import DutyOpened
from domain.incident.words import RecordType
from domain.kernel.words import Code, RecordId
from domain.policy.facts import FactName
from domain.policy.library import Policy
from domain.policy.parsing.edition_file import parse_edition
from tests.support.decisions import NOON, a_stamp, an_id
from tests.support.incidents import PSIRF_TRUST, REPORT, a_fact, words
from tests.support.small_policy import CALENDAR

RECORD = RecordId(an_id(500))
ONE_RULE = """
title = "One rule"
family = "regime"
in_force_from = 2022-08-16

[[rule]]
id = "FOLLOW"
title = "Do what follows"
applies_when = ["record:risk"]
started_by = ["{start}"]
met_by = ["candour.conversation_held"]
unit = "ASAP"
actor = "provider"
force = "national"
source = "test"
verified = false
"""


@pytest.mark.parametrize(
    ("start", "decide", "command"),
    [
        ("incident.safety_secured", secure_safety, SecureSafety(step=RECORD, steps_taken=words())),
        (
            "incident.initial_review_made",
            make_initial_review,
            MakeInitialReview(review=RECORD, summary=words(), submitted_to=None),
        ),
        (
            "incident.notified:cqc:portal",
            notify_body,
            NotifyBody(
                notification=RECORD,
                recipient=Code("cqc"),
                organisation=None,
                purpose=Code("death"),
                channel=Code("portal"),
                receipt=None,
            ),
        ),
        (
            "incident.submitted_externally:lfpse",
            submit_externally,
            SubmitExternally(
                submission=RECORD,
                system=Code("lfpse"),
                purpose=Code("report"),
                reference=None,
                revision=1,
                status=Code("sent"),
            ),
        ),
        ("incident.fact:data_breach", add_facts, AddFacts(facts=(a_fact(FactName.DATA_BREACH, True),))),
        ("incident.closed", close_incident, CloseIncident(reason=words())),
    ],
)
def test_a_clock_starts_with_the_fact_that_starts_it(start: str, decide: Callable[..., None], command: Any) -> None:
    policy = Policy((parse_edition("psirf-2022", ONE_RULE.format(start=start).encode()),), CALENDAR)
    command_to_report = replace(REPORT, record_type=RecordType.RISK)
    incident = report_incident(command_to_report, a_stamp(), provider=PSIRF_TRUST, policy=policy)
    incident.collect_events()
    context = {"case": CaseAtClosing()} if decide is close_incident else {}

    decide(incident, command, a_stamp(), policy=policy, **context)

    last = incident.collect_events()[-1]
    assert isinstance(last, DutyOpened)
    assert (last.terms.started_by, last.terms.started_at) == (start, NOON)
