"""Sending the case to national and regional systems."""

from dataclasses import replace

import pytest

from domain.incident.commands.submit_externally import RevisionStale, SubmitExternally, submit_externally
from domain.incident.duty_events import DutyOpened
from domain.incident.events import SubmittedExternally
from domain.kernel.words import Code, RecordId, Reference
from domain.policy.questions import Outcome, Question
from tests.support.decisions import an_id
from tests.support.incidents import POLICY, SIF_TRUST, Story

SENT = SubmitExternally(
    submission=RecordId(an_id(500)),
    system=Code("steis"),
    purpose=Code("report"),
    reference=Reference("2026/1"),
    revision=1,
    status=Code("accepted"),
)


def test_a_submission_is_recorded_with_its_reference() -> None:
    Story().when(submit_externally, SENT, policy=POLICY).then(SubmittedExternally, reference="2026/1", revision=1)


def test_a_submission_may_start_a_clock() -> None:
    story = Story(SIF_TRUST).decided(Question.SERIOUS_INCIDENT, Outcome.MET)
    story.told(methods=("concise",))
    outcome = story.when(submit_externally, SENT, policy=POLICY)
    outcome.then(SubmittedExternally)
    story.then(submit_externally, SENT, policy=POLICY).told(methods=("concise",))
    assert ("S-CONCISE", None) in story.standing()
    assert any(isinstance(fact, DutyOpened) for fact in story.facts)


@pytest.mark.parametrize(("revision", "taken"), [(1, False), (2, True), (3, True)])
def test_revisions_never_go_back(revision: int, *, taken: bool) -> None:
    story = Story().then(submit_externally, replace(SENT, revision=2), policy=POLICY)
    command = replace(SENT, revision=revision, status=Code("other"))
    outcome = story.when(submit_externally, command, policy=POLICY)
    if taken:
        outcome.then(SubmittedExternally)
    else:
        outcome.then_refused(RevisionStale)


def test_revisions_count_from_one() -> None:
    Story().when(submit_externally, replace(SENT, revision=0), policy=POLICY).then_refused(RevisionStale)


def test_the_revisions_of_another_system_or_purpose_are_its_own() -> None:
    story = Story().then(submit_externally, replace(SENT, revision=2), policy=POLICY)
    story.when(submit_externally, replace(SENT, system=Code("lfpse")), policy=POLICY).then(SubmittedExternally)
    story.when(submit_externally, replace(SENT, purpose=Code("closure")), policy=POLICY).then(SubmittedExternally)


def test_the_same_submission_again_records_nothing() -> None:
    story = Story().then(submit_externally, SENT, policy=POLICY)
    story.when(submit_externally, replace(SENT, submission=RecordId(an_id(501))), policy=POLICY).then_nothing()


def test_a_rejected_submission_does_nothing_towards_a_duty() -> None:
    story = Story().then(submit_externally, replace(SENT, status=Code("rejected")), policy=POLICY)
    assert "incident.submitted_externally:steis" not in {done.code for done in story.incident.dones}
