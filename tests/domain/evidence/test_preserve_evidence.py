"""Securing an item as evidence."""

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from domain.evidence.commands.preserve_evidence import DigestMalformed, PreserveEvidence, preserve_evidence
from domain.evidence.events import EvidencePreserved
from domain.kernel.words import Digest
from tests.domain.evidence.facts import EVIDENCE, INCIDENT, SHA256, named, text
from tests.support.decisions import a_stamp, given


def preserve(sha256: str | None) -> PreserveEvidence:
    return PreserveEvidence(
        evidence=EVIDENCE,
        incident=INCIDENT,
        item=text("Swab count sheet"),
        sha256=None if sha256 is None else Digest(sha256),
        custodian=named("A Keeper"),
        place=text("Theatre store"),
    )


def test_an_item_is_preserved_with_who_keeps_it_and_where() -> None:
    outcome = given().when(preserve_evidence, preserve(SHA256))

    outcome.then(
        EvidencePreserved,
        originator_id=EVIDENCE,
        originator_version=1,
        timestamp=a_stamp(days=1).at,
        incident=INCIDENT,
        item=text("Swab count sheet"),
        sha256=SHA256,
        custodian=named("A Keeper"),
        place=text("Theatre store"),
    )


def test_a_thing_that_is_no_file_needs_no_digest() -> None:
    given().when(preserve_evidence, preserve(None)).then(EvidencePreserved, sha256=None)


@pytest.mark.parametrize("digest", ["", "a" * 63, "a" * 65, "A" * 64, "g" * 64, "a" * 64 + "\n", " " + "a" * 63])
def test_a_digest_that_sha_256_cannot_give_is_refused(digest: str) -> None:
    refused = given().when(preserve_evidence, preserve(digest)).then_refused(DigestMalformed)

    assert refused.refusal is not None
    assert refused.refusal.pointers == ("/sha256",)


@for_all(st.binary(min_size=32, max_size=32))
def test_every_real_sha_256_is_taken(digest: bytes) -> None:
    given().when(preserve_evidence, preserve(digest.hex())).then(EvidencePreserved, sha256=digest.hex())


def test_preserving_meets_the_duty_to_preserve() -> None:
    (event,) = given().when(preserve_evidence, preserve(None)).events

    assert [(done.code, done.at) for done in event.done()] == [("evidence.preserved", a_stamp(days=1).at)]
