"""Erasures at the desk: on any case, over every case that names the person, and never past a hold or a change."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

import pytest

from domain.action.commands.agree_action import AgreeAction
from domain.action.events import Strength
from domain.erasure.commands.approve_erasure import COOLING_OFF, ApproveErasure
from domain.erasure.commands.carry_out_erasure import CarryOutErasure, CoolingOff
from domain.erasure.commands.request_erasure import RequestErasure
from domain.erasure.events import ErasureCarriedOut, ErasureHeld
from domain.erasure.refusals import LegalHoldStands
from domain.erasure.words import ErasureGround, NamedText
from domain.incident.commands.add_person import AddPerson
from domain.incident.commands.enter_in_error import EnterInError
from domain.incident.commands.make_initial_review import MakeInitialReview
from domain.incident.commands.place_legal_hold import PlaceLegalHold
from domain.incident.words import HoldAuthority, PersonKind
from domain.kernel.actor import Role
from domain.kernel.words import ActionId, Code, ErasureId, HoldId, IncidentId, Label, PersonId, RecordId
from service.handling.desk import Desk
from service.handling.identifiers import new_id
from service.handling.order import Order, Receipt
from service.handling.pen import Pen
from service.handling.refusals import NotPermitted, RecordNotFound
from service.handling.tasks.action import AGREE_ACTION
from service.handling.tasks.erasure import APPROVE_ERASURE, CARRY_OUT_ERASURE, REQUEST_ERASURE
from service.handling.tasks.incident import ADD_PERSON, ENTER_IN_ERROR, MAKE_INITIAL_REVIEW, PLACE_LEGAL_HOLD
from service.handling.time import LedgerTime
from service.store.codec import stored_name
from service.store.ledger import AppendRequest, Ledger, NewKey, Outcome
from service.store.memory import MemoryLedger
from service.store.sealing.destroying import ERASURE
from service.vault.keyring import DESTROYED
from tests.support.desks import DISCOVERED, a_desk, an_order, report, system
from tests.support.sample_events import sample

OFFICER: Final = Role.DATA_PROTECTION_OFFICER
HOLDER: Final = an_order(Role.APPROVER, number=31)
CARRIED_OUT: Final = "erasure.carried_out.v1"


class MovableTime(LedgerTime):
    """A present that tests move on."""

    def __init__(self, ledger: Ledger) -> None:
        super().__init__(ledger, simulated=False)
        self.later = timedelta(0)

    async def now(self) -> Any:
        return await super().now() + self.later


class Interrupted(MemoryLedger):
    """A ledger in which something happens just before the first erasure is carried out."""

    meanwhile: Callable[[], Awaitable[Any]] | None = None

    async def append(self, request: AppendRequest) -> Outcome:
        meanwhile = self.meanwhile
        if meanwhile is not None and any(event.type == CARRIED_OUT for event in request.events):
            self.meanwhile = None
            await meanwhile()
        return await super().append(request)

    def destroy(self, keys: tuple[UUID, ...]) -> None:
        """What the vault does once an erasure stands."""
        for key in keys:
            self._keys[key] = replace(self._keys[key], wrapped=DESTROYED)

    def key(self, key: UUID) -> NewKey:
        return self._keys[key]


class Stand:
    """A desk on a ledger whose time can be moved, with a case that names somebody."""

    def __init__(self, desk: Desk, ledger: Interrupted, time: MovableTime) -> None:
        self.desk, self.ledger, self.time = desk, ledger, time

    async def begin(self, reference: str = "R-1") -> UUID:
        return (await report(self.desk, an_order(), reference)).stream

    async def names(self, incident: UUID, name: str = "Pat Example") -> PersonId:
        person = PersonId(new_id())

        def made(pen: Pen) -> AddPerson:
            return AddPerson(
                person=person,
                kind=PersonKind.WITNESS,
                patient=None,
                name=pen.personal(person, name),
                nhs_number=None,
                born_on=None,
            )

        await self.desk.change(an_order(), ADD_PERSON, made, stream=incident)
        return person

    async def asks(self, incident: UUID, person: UUID, *texts: NamedText, by: Order | None = None) -> Receipt:
        def made(pen: Pen) -> RequestErasure:
            return RequestErasure(
                erasure=ErasureId(pen.stream),
                person=PersonId(person),
                incident=IncidentId(incident),
                ground=ErasureGround.FILED_BY_MISTAKE,
                reasons=pen.narrative("Filed by mistake."),
                texts=texts,
            )

        order = by or an_order(OFFICER, number=21)
        return await self.desk.begin(order, REQUEST_ERASURE, made, stream=new_id())

    async def approves(self, erasure: Receipt, person: PersonId) -> None:
        command = ApproveErasure(person=person)
        await self.desk.change(HOLDER, APPROVE_ERASURE, lambda _pen: command, stream=erasure.stream)

    async def carries_out(self, erasure: Receipt, person: PersonId) -> list[Any]:
        """The facts of the erasure once its time has come; its keys are destroyed, as the vault does it."""
        self.time.later = COOLING_OFF + timedelta(seconds=1)
        command = CarryOutErasure(person=person)
        await self.desk.change(system("ZZ1"), CARRY_OUT_ERASURE, lambda _pen: command, stream=erasure.stream)
        facts = await self.desk.book.open(await self.ledger.read_stream(erasure.stream))
        if isinstance(facts[-1], ErasureCarriedOut):
            self.ledger.destroy(facts[-1].keys)
        return facts

    async def keeps(self, incident: UUID) -> None:
        def made(pen: Pen) -> PlaceLegalHold:
            reason = pen.narrative("A claim was made.")
            return PlaceLegalHold(
                hold=HoldId(pen.new_id()), authority=HoldAuthority.CLAIM, reference=None, reason=reason
            )

        await self.desk.change(HOLDER, PLACE_LEGAL_HOLD, made, stream=incident)

    async def agrees(self, *incidents: UUID, owner: PersonId) -> None:
        """An action that answers these cases, with somebody as its owner."""

        def made(pen: Pen) -> AgreeAction:
            return AgreeAction(
                action=ActionId(pen.stream),
                incidents=tuple(IncidentId(incident) for incident in incidents),
                response=None,
                findings=(),
                areas=(),
                change=pen.narrative("One chart for each patient."),
                owner=owner,
                owner_name=pen.personal(owner, "Olive Owner"),
                owner_role=Label("Ward manager"),
                due_on=DISCOVERED.date() + timedelta(days=90),
                strength=Strength.STRONGER,
                measure=None,
                expected_effect=None,
            )

        await self.desk.begin(an_order(), AGREE_ACTION, made, stream=new_id(), persons=(owner,))


@pytest.fixture
async def stand() -> Stand:
    ledger = Interrupted()
    time = MovableTime(ledger)
    return Stand(await a_desk(ledger, time=time), ledger, time)


async def test_what_named_the_person_can_never_be_read_again_and_the_rest_can(stand: Stand) -> None:
    incident = await stand.begin()
    person, other = await stand.names(incident), await stand.names(incident, "Sam Sample")
    erasure = await stand.asks(incident, person)
    await stand.approves(erasure, person)
    facts = await stand.carries_out(erasure, person)

    assert (facts[-1].values, facts[-1].texts, facts[-1].events) == (1, 0, 1)
    [case] = [each.aggregate for each in await stand.desk.load_case(incident) if each.stream == incident]
    assert case.people[other].name.words == "Sam Sample"
    assert not isinstance(case.people[person].name.words, str)


async def test_it_stands_in_the_history_of_the_case(stand: Stand) -> None:
    incident = await stand.begin()
    erasure = await stand.asks(incident, await stand.names(incident))

    assert erasure.cases == (incident,)
    assert erasure.stream in [stream for stream, _ in await stand.ledger.case_streams(incident)]


async def test_a_report_that_should_not_have_been_made_can_let_go_of_whom_it_names(stand: Stand) -> None:
    incident = await stand.begin()
    person = await stand.names(incident)

    def in_error(pen: Pen) -> EnterInError:
        return EnterInError(reason=pen.narrative("Another trust's patient."))

    await stand.desk.change(an_order(), ENTER_IN_ERROR, in_error, stream=incident)
    erasure = await stand.asks(incident, person)
    await stand.approves(erasure, person)

    assert isinstance((await stand.carries_out(erasure, person))[-1], ErasureCarriedOut)


async def test_it_joins_every_case_that_names_the_person(stand: Stand) -> None:
    first, second, third = [await stand.begin(f"R-{number}") for number in range(3)]
    owner = await stand.names(first)
    await stand.agrees(first, second, owner=owner)
    erasure = await stand.asks(first, owner)

    assert set(await stand.ledger.cases_of(erasure.stream)) == {first, second}
    assert third not in await stand.ledger.cases_of(erasure.stream)
    await stand.approves(erasure, owner)
    assert (await stand.carries_out(erasure, owner))[-1].values == 2


async def test_a_hold_on_another_case_that_names_the_person_stands_against_it(stand: Stand) -> None:
    first, second = [await stand.begin(f"R-{number}") for number in range(2)]
    owner = await stand.names(first)
    await stand.agrees(first, second, owner=owner)
    await stand.keeps(second)

    with pytest.raises(LegalHoldStands):
        await stand.asks(first, owner)


async def test_a_hold_on_a_case_that_does_not_name_the_person_does_not(stand: Stand) -> None:
    first, second = [await stand.begin(f"R-{number}") for number in range(2)]
    person = await stand.names(first)
    await stand.keeps(second)

    assert await stand.asks(first, person)


async def test_a_hold_that_is_placed_while_it_is_carried_out_is_seen(stand: Stand) -> None:
    """What was looked up is guarded: the append fails, and the erasure is decided again."""
    incident = await stand.begin()
    person = await stand.names(incident)
    erasure = await stand.asks(incident, person)
    await stand.approves(erasure, person)
    stand.ledger.meanwhile = lambda: stand.keeps(incident)
    facts = await stand.carries_out(erasure, person)

    assert [type(fact) for fact in facts][-1] is ErasureHeld


async def test_what_names_the_person_anew_while_it_is_carried_out_goes_too(stand: Stand) -> None:
    incident = await stand.begin()
    person = await stand.names(incident)
    erasure = await stand.asks(incident, person)
    await stand.approves(erasure, person)
    stand.ledger.meanwhile = lambda: stand.agrees(incident, owner=person)
    facts = await stand.carries_out(erasure, person)

    assert facts[-1].values == 2
    assert not stand.ledger.key(facts[-1].keys[0]).wrapped


async def test_until_its_cooling_off_has_ended_it_is_not_carried_out(stand: Stand) -> None:
    incident = await stand.begin()
    person = await stand.names(incident)
    erasure = await stand.asks(incident, person)
    await stand.approves(erasure, person)
    command = CarryOutErasure(person=person)

    with pytest.raises(CoolingOff):
        await stand.desk.change(system("ZZ1"), CARRY_OUT_ERASURE, lambda _pen: command, stream=erasure.stream)


async def test_a_text_that_was_named_goes_with_the_person(stand: Stand) -> None:
    incident = await stand.begin()
    person = await stand.names(incident)

    def reviewed(pen: Pen) -> MakeInitialReview:
        return MakeInitialReview(review=RecordId(pen.new_id()), summary=pen.narrative("Pat fell."), submitted_to=None)

    review = await stand.desk.change(an_order(), MAKE_INITIAL_REVIEW, reviewed, stream=incident)
    events = {event.position: event.type for event in await stand.ledger.read_case(incident)}
    position = next(at for at, name in events.items() if name == "incident.initially_reviewed.v1")
    assert position <= review.position
    erasure = await stand.asks(incident, person, NamedText(position, Code("summary")))
    await stand.approves(erasure, person)
    facts = await stand.carries_out(erasure, person)

    assert (facts[-1].values, facts[-1].texts) == (1, 1)


@pytest.mark.parametrize("role", [Role.PATIENT_SAFETY_MANAGER, Role.APPROVER, Role.AUDITOR])
async def test_only_an_officer_asks_for_it(stand: Stand, role: Role) -> None:
    incident = await stand.begin()
    person = await stand.names(incident)

    with pytest.raises(NotPermitted):
        await stand.asks(incident, person, by=an_order(role, number=22))


async def test_another_trusts_officer_finds_neither_case_nor_person(stand: Stand) -> None:
    incident = await stand.begin()
    person = await stand.names(incident)

    with pytest.raises(RecordNotFound):
        await stand.asks(incident, person, by=an_order(OFFICER, org="ZZ2", number=23))


async def test_somebody_whom_the_case_does_not_name_is_not_found(stand: Stand) -> None:
    incident = await stand.begin()

    with pytest.raises(RecordNotFound):
        await stand.asks(incident, new_id())


async def test_the_person_in_the_path_is_the_one_that_is_erased(stand: Stand) -> None:
    incident = await stand.begin()
    person, other = await stand.names(incident), await stand.names(incident, "Sam Sample")
    erasure = await stand.asks(incident, person)

    with pytest.raises(RecordNotFound):
        await stand.approves(erasure, other)


def test_the_vault_destroys_by_the_name_under_which_an_erasure_is_stored() -> None:
    assert stored_name(sample(ErasureCarriedOut)) == CARRIED_OUT == ERASURE
