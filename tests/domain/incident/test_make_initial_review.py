"""The first review of a serious incident."""

from dataclasses import replace

from domain.incident.commands.make_initial_review import MakeInitialReview, SummaryMissing, make_initial_review
from domain.incident.events import InitiallyReviewed
from domain.kernel.words import OdsCode, RecordId
from tests.support.decisions import an_id
from tests.support.incidents import POLICY, SIF_TRUST, Story, words

REVIEW = MakeInitialReview(review=RecordId(an_id(500)), summary=words("Confirmed."), submitted_to=None)


def test_a_review_is_recorded_with_whom_it_went_to() -> None:
    command = replace(REVIEW, submitted_to=OdsCode("ZZQ"))
    Story(SIF_TRUST).when(make_initial_review, command, policy=POLICY).then(InitiallyReviewed, submitted_to="ZZQ")


def test_a_review_that_says_nothing_is_refused() -> None:
    command = replace(REVIEW, summary=words(" "))
    Story(SIF_TRUST).when(make_initial_review, command, policy=POLICY).then_refused(SummaryMissing)


def test_the_same_review_again_records_nothing_and_sending_it_on_does() -> None:
    story = Story(SIF_TRUST).then(make_initial_review, REVIEW, policy=POLICY)
    story.when(make_initial_review, replace(REVIEW, review=RecordId(an_id(501))), policy=POLICY).then_nothing()
    sent_on = replace(REVIEW, submitted_to=OdsCode("ZZQ"))
    story.when(make_initial_review, sent_on, policy=POLICY).then(InitiallyReviewed)
