"""Committing to a random sample."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from domain.audit_sample.commands.commit_sample import (
    SIZE_MOST,
    CommitSample,
    PopulationNotAhead,
    ProvidersMissing,
    SeedHashMalformed,
    SizeInvalid,
    commit_sample,
)
from domain.audit_sample.events import SampleCommitted
from domain.kernel.words import Digest, OdsCode
from domain.policy.questions import Outcome, Question
from tests.domain.audit_sample.facts import FIXED_AT, SAMPLE, SEED_HASH, committed
from tests.support.decisions import Outcome as Decided
from tests.support.decisions import a_stamp, given


def commitment(**changes: Any) -> CommitSample:
    command = CommitSample(
        sample=SAMPLE,
        providers=None,
        question=Question.SERIOUS_INCIDENT,
        outcome=Outcome.NOT_MET,
        size=3,
        population_until=FIXED_AT,
        seed_hash=SEED_HASH,
    )
    return replace(command, **changes)


def commit(*providers: str, **changes: Any) -> Decided:
    known = frozenset(OdsCode(provider) for provider in providers)
    return given().when(commit_sample, commitment(**changes), a_stamp(days=1), providers=known)


def test_what_will_be_drawn_is_recorded_with_the_hash_of_the_seed() -> None:
    commit("ZZ2", "ZZ1").then(
        SampleCommitted,
        originator_id=SAMPLE,
        providers=("ZZ1", "ZZ2"),
        question=Question.SERIOUS_INCIDENT,
        outcome=Outcome.NOT_MET,
        size=3,
        population_until=FIXED_AT,
        seed_hash=SEED_HASH,
        timestamp=a_stamp(days=1).at,
    )


def test_a_sample_begins_undrawn() -> None:
    assert not given(committed()).aggregate().is_drawn


@pytest.mark.parametrize("digest", ["", "a" * 63, "a" * 65, "A" * 64, "g" * 64, "a" * 64 + "\n"])
def test_a_hash_that_no_seed_has_is_refused(digest: str) -> None:
    refused = commit("ZZ1", seed_hash=Digest(digest)).then_refused(SeedHashMalformed)

    assert refused.refusal is not None
    assert refused.refusal.pointers == ("/seed_hash",)


@pytest.mark.parametrize("size", [0, -1, SIZE_MOST + 1])
def test_a_size_that_nobody_can_draw_or_read_is_refused(size: int) -> None:
    commit("ZZ1", size=size).then_refused(SizeInvalid)


@pytest.mark.parametrize("size", [1, SIZE_MOST])
def test_one_decision_is_a_sample_and_so_are_a_thousand(size: int) -> None:
    commit("ZZ1", size=size).then(SampleCommitted, size=size)


@pytest.mark.parametrize("ahead", [timedelta(0), timedelta(microseconds=-1), timedelta(days=-400)])
def test_a_population_that_can_be_known_already_is_refused(ahead: timedelta) -> None:
    """Else the auditor could look at it first, and try seeds until the sample suits."""
    now = a_stamp(days=1).now

    commit("ZZ1", population_until=now + ahead).then_refused(PopulationNotAhead, "2026-03-03 12:00:00")
    commit("ZZ1", population_until=now + timedelta(microseconds=1)).then(SampleCommitted)


def test_what_counts_is_the_ledgers_present_and_not_when_the_commitment_is_said_to_have_been_made() -> None:
    stamp = replace(a_stamp(days=8), at=a_stamp(days=1).at)

    refused = given().when(commit_sample, commitment(), stamp, providers=frozenset({OdsCode("ZZ1")}))

    refused.then_refused(PopulationNotAhead)


def test_somebody_has_to_have_made_the_decisions() -> None:
    commit().then_refused(ProvidersMissing)
