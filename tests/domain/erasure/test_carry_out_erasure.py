"""Carrying an erasure out."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from domain.erasure.commands.carry_out_erasure import CarryOutErasure, CoolingOff, NotApproved, carry_out_erasure
from domain.erasure.contents import Contents
from domain.erasure.events import ErasureCarriedOut, ErasureHeld
from domain.kernel.actor import Role, Stamp
from domain.kernel.words import KeyId
from tests.domain.erasure.facts import (
    DUE_AT,
    HOLD,
    OTHER_HOLD,
    PAT,
    PATS_KEY,
    STAGES,
    STEP_KEY,
    TEXT_KEY,
    VALUES,
    a_value,
    approved,
    contents,
    held,
    place,
    requested,
)
from tests.domain.state_tables import NOTHING, check, over_every_state
from tests.support.decisions import Outcome, a_stamp, an_actor, an_id, given

SYSTEM = an_actor(Role.SYSTEM, number=99)
DUE = a_stamp(days=8, by=SYSTEM)


def carrying_out(*history: Any, found: Contents | None = None, stamp: Stamp = DUE) -> Outcome:
    return given(*history).when(carry_out_erasure, CarryOutErasure(person=PAT), stamp, contents=found or contents())


@over_every_state(
    STAGES,
    {
        "requested": NotApproved,
        "approved": ErasureCarriedOut,
        "held": ErasureCarriedOut,
        "refused": NotApproved,
        "withdrawn": NotApproved,
        "carried out": NOTHING,
    },
)
def test_carrying_out_at_every_stage(history: tuple[Any, ...], expected: type[Any] | None) -> None:
    check(carrying_out(*history), expected)


def test_the_keys_about_the_person_are_named_and_what_is_under_them_is_counted() -> None:
    carrying_out(requested(), approved()).then(ErasureCarriedOut, keys=(PATS_KEY,), values=2, texts=0, events=1)


def test_every_key_about_the_person_goes_wherever_it_is_used() -> None:
    elsewhere = KeyId(an_id(0x77))
    found = contents(keys_about=frozenset({PATS_KEY, elsewhere}))

    carrying_out(requested(), approved(), found=found).then(ErasureCarriedOut, keys=(PATS_KEY, elsewhere), values=2)


def test_the_texts_that_were_named_go_too() -> None:
    texts = (place(2, "what_happened"), place(5, "facts_known"), place(5, "next_enquiries"))

    carrying_out(requested(*texts), approved()).then(
        ErasureCarriedOut, keys=tuple(sorted((PATS_KEY, TEXT_KEY, STEP_KEY))), values=2, texts=3, events=3
    )


def test_a_text_that_was_taken_over_from_a_named_one_since_is_counted() -> None:
    copied = a_value(9, "words", TEXT_KEY)

    carrying_out(requested(place(2, "what_happened")), approved(), found=contents(*VALUES, copied)).then(
        ErasureCarriedOut, texts=2, events=3
    )


def test_what_is_erased_already_is_not_counted_again() -> None:
    gone = a_value(3, "name", PATS_KEY, person=PAT, erased=True)

    carrying_out(requested(), approved(), found=contents(gone, keys_about=frozenset())).then(
        ErasureCarriedOut, keys=(), values=0, texts=0, events=0
    )


def test_until_the_cooling_off_has_ended_nothing_is_destroyed() -> None:
    early = replace(DUE, at=DUE_AT, now=DUE_AT - timedelta(microseconds=1))

    carrying_out(requested(), approved(), stamp=early).then_refused(CoolingOff, "2026-03-10 12:00:00")
    assert DUE.now == DUE_AT


def test_where_a_legal_hold_stands_it_is_held_back_and_says_so() -> None:
    carrying_out(requested(), approved(), found=contents(holds=(HOLD,))).then(ErasureHeld, holds=(HOLD,))


def test_that_it_is_held_is_said_once() -> None:
    carrying_out(requested(), approved(), held(), found=contents(holds=(HOLD,))).then_nothing()


def test_another_hold_is_said_anew() -> None:
    carrying_out(requested(), approved(), held(), found=contents(holds=(OTHER_HOLD,))).then(
        ErasureHeld, holds=(OTHER_HOLD,)
    )


def test_once_no_hold_stands_it_goes_on() -> None:
    carrying_out(requested(), approved(), held()).then(ErasureCarriedOut, values=2)
