"""Who is named for the first time as a relevant person is known by one id, in answers, obligations and reasons."""

from datetime import UTC, datetime
from uuid import UUID

from service.api.commands.candour import RelevantPerson
from service.handling.identifiers import new_id
from service.handling.pen import Pen
from service.store.sealing import Pen as SealingPen
from service.vault.keyring import Keyring

STREAM, INCIDENT, KNOWN = UUID(int=1), UUID(int=2), UUID(int=3)


def a_pen() -> Pen:
    sealing = SealingPen(Keyring({1: bytes(32)}), new_id=new_id)
    return Pen(sealing, stream=STREAM, path={"incident": INCIDENT}, now=datetime.now(UTC))


def named(**more: str) -> RelevantPerson:
    return RelevantPerson.model_validate({"name": "Fictitious Relative", "relationship": "partner", **more})


def test_a_person_named_for_the_first_time_has_the_id_that_the_answer_gives() -> None:
    assert named().command(a_pen()).person == STREAM


def test_a_person_of_the_case_keeps_their_id() -> None:
    assert named(person=str(KNOWN)).command(a_pen()).person == KNOWN
