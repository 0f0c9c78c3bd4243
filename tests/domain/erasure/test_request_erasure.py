"""Asking that a person be erased from the record."""

from typing import Any

import pytest

from domain.erasure.commands.request_erasure import (
    NothingToErase,
    RequestedAlready,
    RequestErasure,
    TextSharesItsKey,
    TextUnknown,
    request_erasure,
)
from domain.erasure.contents import Contents
from domain.erasure.events import ErasureRequested
from domain.erasure.refusals import ErasureReasonsMissing, LegalHoldStands
from domain.erasure.words import ErasureGround, NamedText, Stage
from tests.domain.erasure.facts import (
    ERASURE,
    HOLD,
    INCIDENT,
    OFFICER,
    OTHER_INCIDENT,
    PAT,
    PATS_KEY,
    VALUES,
    a_value,
    contents,
    place,
    requested,
    words,
)
from tests.support.decisions import Outcome, a_stamp, given


def asking(*texts: NamedText, found: Contents | None = None, reasons: str = "Filed by mistake.") -> Outcome:
    command = RequestErasure(
        erasure=ERASURE,
        person=PAT,
        incident=INCIDENT,
        ground=ErasureGround.FILED_BY_MISTAKE,
        reasons=words(reasons),
        texts=texts,
    )
    return given().when(request_erasure, command, a_stamp(by=OFFICER), contents=found or contents())


def test_who_asked_for_whom_on_which_ground_is_recorded() -> None:
    asking().then(
        ErasureRequested,
        originator_id=ERASURE,
        person=PAT,
        incident=INCIDENT,
        incidents=(INCIDENT,),
        ground=ErasureGround.FILED_BY_MISTAKE,
        reasons=words("Filed by mistake."),
        texts=(),
        requested_by=OFFICER.id,
    )


def test_a_request_waits() -> None:
    assert given(requested()).aggregate().stage is Stage.REQUESTED


def test_it_is_for_every_case_that_names_the_person() -> None:
    found = Contents((INCIDENT, OTHER_INCIDENT), VALUES)

    asking(found=found).then(ErasureRequested, incidents=(INCIDENT, OTHER_INCIDENT))


@pytest.mark.parametrize("reasons", ["", "  \n"])
def test_without_reasons_it_is_refused(reasons: str) -> None:
    asking(reasons=reasons).then_refused(ErasureReasonsMissing)


def test_while_a_legal_hold_stands_nobody_is_erased() -> None:
    asking(found=contents(holds=(HOLD,))).then_refused(LegalHoldStands)


def test_a_person_is_erased_once_at_a_time() -> None:
    asking(found=contents(is_requested=True)).then_refused(RequestedAlready)


def test_where_all_that_named_the_person_is_erased_there_is_nothing_to_ask_for() -> None:
    gone = a_value(3, "name", PATS_KEY, person=PAT, erased=True)

    asking(found=contents(gone, VALUES[0])).then_refused(NothingToErase)


def test_a_text_that_speaks_of_somebody_erased_can_still_be_asked_for() -> None:
    gone = a_value(3, "name", PATS_KEY, person=PAT, erased=True)

    asking(place(2, "what_happened"), found=contents(gone, VALUES[0])).then(ErasureRequested)


def test_a_text_goes_where_it_is_named_and_once() -> None:
    text = place(2, "what_happened")

    asking(text, text).then(ErasureRequested, texts=(text,))


@pytest.mark.parametrize("text", [place(2, "nothing"), place(3, "what_happened"), place(4, "name")])
def test_a_place_without_a_text_is_refused(text: NamedText) -> None:
    refused = asking(place(2, "what_happened"), text).then_refused(TextUnknown)

    assert refused.refusal is not None
    assert refused.refusal.pointers == ("/texts/1",)


def test_a_text_never_takes_another_with_it_unseen() -> None:
    asking(place(5, "facts_known")).then_refused(TextSharesItsKey, "position 5, next_enquiries")


def test_texts_of_one_step_go_together() -> None:
    both = (place(5, "facts_known"), place(5, "next_enquiries"))

    asking(*both).then(ErasureRequested, texts=both)


def test_the_stages_after_which_nothing_can_happen_are_named() -> None:
    over: dict[Any, bool] = {stage: stage.is_over for stage in Stage}

    assert [stage for stage, is_over in over.items() if is_over] == [
        Stage.REFUSED,
        Stage.WITHDRAWN,
        Stage.CARRIED_OUT,
    ]
