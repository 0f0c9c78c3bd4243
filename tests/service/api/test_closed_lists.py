"""Words of a closed list: a misspelt one is refused with those that there are, so that no clock waits for it."""

import json
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final
from uuid import uuid4

import pytest
from pydantic import ValidationError

from domain.candour.words import Channel, ContactOutcome, Relationship
from domain.incident.words import ExternalSystem, NotificationChannel, Recipient, SubmissionStatus
from service.api.commands.body import CommandBody
from service.api.commands.candour import Contact, Conversation, RelevantPerson, Share
from service.api.commands.incident import ExternalSubmission, Notification
from service.api.refusing.invalid import field_errors
from tests.support.desks import DISCOVERED, a_desk

TOWARDS: Final = {"relevant_person": str(uuid4())}
NOTIFICATION: Final = {"recipient": "commissioner", "purpose": "report", "channel": "telephone"}
SUBMISSION: Final = {"system": "steis", "purpose": "report", "status": "accepted"}
PERSON: Final = {"name": "Pat Example", "relationship": "patient", "channel": "letter"}
TALK: Final = {
    **TOWARDS,
    "channel": "in_person",
    "facts_known": "All of them.",
    "apology_given": True,
    "next_enquiries": "An investigation.",
}
ATTEMPT: Final = {**TOWARDS, "channel": "telephone", "outcome": "no_answer"}
SHARE: Final = {**TOWARDS, "learning_response": str(uuid4()), "stage": "final", "channel": "email"}

LISTS: Final = [
    (Notification, NOTIFICATION, "recipient", Recipient, "comissioner"),
    (Notification, NOTIFICATION, "channel", NotificationChannel, "telephon"),
    (ExternalSubmission, SUBMISSION, "system", ExternalSystem, "steiss"),
    (ExternalSubmission, SUBMISSION, "status", SubmissionStatus, "banana"),
    (RelevantPerson, PERSON, "relationship", Relationship, "Patient"),
    (RelevantPerson, PERSON, "channel", Channel, "steis"),
    (Conversation, TALK, "channel", Channel, "in person"),
    (Contact, ATTEMPT, "channel", Channel, "pigeon"),
    (Contact, ATTEMPT, "outcome", ContactOutcome, "cannot_be_contactd"),
    (Share, SHARE, "channel", Channel, "e-mail"),
]


def taken(body: type[CommandBody], said: Mapping[str, Any]) -> CommandBody:
    return body.model_validate_json(json.dumps(said), strict=True)


@pytest.mark.parametrize(("body", "said", "field", "words", "misspelt"), LISTS)
def test_a_word_that_is_not_in_the_list_is_refused_with_those_that_are(
    body: type[CommandBody], said: Mapping[str, Any], *, field: str, words: type[StrEnum], misspelt: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        taken(body, {**said, field: misspelt})

    (error,) = field_errors(refused.value.errors(include_url=False), {**said, field: misspelt})
    assert (error.pointer, error.code) == (f"/{field}", "not-in-list")
    assert all(f"'{word}'" in error.detail for word in words)
    assert f"'{misspelt}'" not in error.detail


@pytest.mark.parametrize(("body", "said", "field", "words", "misspelt"), LISTS)
def test_every_word_of_the_list_is_taken_and_published(
    body: type[CommandBody], said: Mapping[str, Any], *, field: str, words: type[StrEnum], misspelt: str
) -> None:
    for word in words:
        assert getattr(taken(body, {**said, field: word}), field) is word
    assert body.model_json_schema()["$defs"][words.__name__]["enum"] == list(words)
    assert misspelt not in list(words)


@pytest.mark.parametrize(("body", "said"), [(body, said) for body, said, *_ in LISTS])
async def test_a_word_reaches_the_command_as_a_plain_code(body: type[CommandBody], said: Mapping[str, Any]) -> None:
    """Events keep codes, not members of today's list: what is stored is read as it was, whatever the list becomes."""
    book = (await a_desk()).book
    pen = await book.pen(uuid4(), path={"incident": uuid4()}, persons=(), now=DISCOVERED)

    command = taken(body, said).command(pen)

    fields = {name for asked, _, name, *_ in LISTS if asked is body}
    assert {name: getattr(command, name) for name in fields} == {name: said[name] for name in fields}
    assert {type(getattr(command, name)) for name in fields} == {str}
