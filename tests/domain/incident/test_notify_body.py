"""Telling bodies outside."""

from dataclasses import replace

from domain.incident.commands.notify_body import NotifyBody, notify_body
from domain.incident.events import IncidentNotified
from domain.kernel.done import Done
from domain.kernel.words import Code, OdsCode, RecordId, Reference
from tests.support.decisions import NOON, a_stamp, an_id
from tests.support.incidents import POLICY, Story

TOLD = NotifyBody(
    notification=RecordId(an_id(500)),
    recipient=Code("commissioner"),
    organisation=OdsCode("ZZQ"),
    purpose=Code("never_event"),
    channel=Code("telephone"),
    receipt=None,
)


def test_telling_a_body_is_recorded_and_counts_towards_its_duties() -> None:
    Story().when(notify_body, TOLD, policy=POLICY).then(IncidentNotified, recipient="commissioner")
    dones = Story().then(notify_body, TOLD, policy=POLICY).incident.dones
    assert Done(Code("incident.notified:commissioner"), NOON) in dones
    assert Done(Code("incident.notified:commissioner:telephone"), NOON) in dones


def test_the_same_at_the_same_moment_is_one_notification() -> None:
    story = Story().then(notify_body, TOLD, policy=POLICY)
    again = replace(TOLD, notification=RecordId(an_id(501)))
    story.when(notify_body, again, a_stamp(), policy=POLICY).then_nothing()


def test_telling_the_same_body_at_another_time_is_another_notification() -> None:
    story = Story().then(notify_body, TOLD, policy=POLICY)
    story.when(notify_body, TOLD, a_stamp(days=1), policy=POLICY).then(IncidentNotified)


def test_one_receipt_stands_for_one_notification_whenever_it_is_entered() -> None:
    receipted = replace(TOLD, receipt=Reference("R-1"))
    story = Story().then(notify_body, receipted, policy=POLICY)
    story.when(notify_body, receipted, a_stamp(days=1), policy=POLICY).then_nothing()
    story.when(notify_body, replace(TOLD, receipt=Reference("R-2")), policy=POLICY).then(IncidentNotified)


def test_telling_another_body_at_the_same_moment_is_another_notification() -> None:
    story = Story().then(notify_body, TOLD, policy=POLICY)
    for changed in (
        replace(TOLD, recipient=Code("cqc")),
        replace(TOLD, organisation=OdsCode("ZZR")),
        replace(TOLD, purpose=Code("other")),
        replace(TOLD, channel=Code("steis")),
    ):
        story.when(notify_body, changed, a_stamp(), policy=POLICY).then(IncidentNotified)
