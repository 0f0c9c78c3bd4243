"""Random samples at the desk: whose decisions, what stood when, and when the log is final."""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import pytest

from domain.audit_sample.commands.commit_sample import CommitSample, ProvidersMissing
from domain.audit_sample.commands.draw_sample import DrawnTooEarly, DrawSample
from domain.audit_sample.drawing import Criteria, lot_of
from domain.audit_sample.events import SampleDrawn
from domain.incident.commands.decide_threshold import DecideThreshold
from domain.incident.commands.enter_in_error import EnterInError
from domain.kernel.actor import Role
from domain.kernel.streams import LEDGER_STREAM, organisation_stream
from domain.kernel.words import Code, DecisionId, Digest, OdsCode, SampleId, Seed
from domain.ledger.commands.move_clock import MoveClock
from domain.ledger.events import Clock
from domain.organisation.commands.end_commissioning import EndCommissioning
from domain.policy.questions import Outcome, Question
from service.handling.desk import Desk
from service.handling.identifiers import new_id
from service.handling.order import Order, Receipt
from service.handling.pen import Pen
from service.handling.refusals import NotPermitted, OrganisationUnknown, RecordNotFound
from service.handling.tasks.audit_sample import COMMIT_SAMPLE, DRAW_SAMPLE
from service.handling.tasks.ground import END_COMMISSIONING, LEDGER_OWNER, MOVE_CLOCK
from service.handling.tasks.incident import DECIDE_THRESHOLD, ENTER_IN_ERROR
from service.handling.time import LedgerTime
from service.store.codec import Codec
from service.store.ledger import Ledger
from service.store.memory import MemoryLedger
from tests.support.decisions import NOON
from tests.support.desks import DISCOVERED, a_desk, an_order, report, system

SEED: Final = Seed("a seed that only the auditor knows")
MANAGER, AUDITOR = Role.PATIENT_SAFETY_MANAGER, Role.AUDITOR
COMMISSIONER: Final = an_order(Role.COMMISSIONER, org="ZZQ", number=9)


def auditor(org: str = "ZZ1") -> Order:
    return an_order(AUDITOR, org=org, number=8)


def commitment(*providers: str, until: datetime, size: int = 2, seed: Seed = SEED) -> Callable[[Pen], CommitSample]:
    return lambda pen: CommitSample(
        sample=SampleId(pen.stream),
        providers=tuple(OdsCode(provider) for provider in providers) or None,
        question=Question.SAFEGUARDING,
        outcome=Outcome.NOT_MET,
        size=size,
        population_until=until,
        seed_hash=Digest(hashlib.sha256(seed.encode()).hexdigest()),
    )


async def commit(desk: Desk, order: Order, *providers: str, until: datetime, **more: Any) -> Receipt:
    return await desk.begin(order, COMMIT_SAMPLE, commitment(*providers, until=until, **more), stream=new_id())


async def draw_it(desk: Desk, order: Order, sample: UUID, seed: Seed = SEED) -> Receipt:
    return await desk.change(order, DRAW_SAMPLE, lambda _pen: DrawSample(seed=seed), stream=sample)


async def decide(desk: Desk, incident: UUID, outcome: Outcome = Outcome.NOT_MET, *, org: str = "ZZ1") -> UUID:
    def make(pen: Pen) -> DecideThreshold:
        return DecideThreshold(
            decision=DecisionId(pen.new_id()),
            question=Question.SAFEGUARDING,
            outcome=outcome,
            criteria=(Code("neglect"),) if outcome is Outcome.MET else (),
            reasons=pen.narrative("For these reasons."),
            rests_on=(),
            edition=Code("psirf-2022"),
            identified_at=DISCOVERED,
            decider=None,
        )

    return (await desk.change(an_order(MANAGER, org=org), DECIDE_THRESHOLD, make, stream=incident)).id


async def a_decision(desk: Desk, name: str, *, org: str = "ZZ1") -> UUID:
    incident = await report(desk, an_order(MANAGER, org=org), name, provider=org)
    return await decide(desk, incident.id, org=org)


async def a_simulated_desk() -> Desk:
    return await a_desk(clock=Clock.SIMULATED)


async def soon(desk: Desk) -> datetime:
    return await desk.time.now() + timedelta(hours=1)


async def moved(desk: Desk, to_at: datetime) -> None:
    """Move the ledger's clock."""
    await desk.change(system(LEDGER_OWNER), MOVE_CLOCK, lambda _pen: MoveClock(to_at=to_at), stream=LEDGER_STREAM)


class ClockBeside(LedgerTime):
    """A service whose clock shows what that of its database shows."""

    def __init__(self, ledger: Ledger, moment: list[datetime]) -> None:
        super().__init__(ledger, simulated=False)
        self._moment = moment

    async def now(self) -> datetime:
        return self._moment[0]


async def drawn_of(desk: Desk, sample: UUID) -> SampleDrawn:
    fact = Codec().decode((await desk.ledger.read_stream(sample))[-1])
    assert isinstance(fact, SampleDrawn)
    return fact


async def test_a_sample_is_the_auditors_own_record() -> None:
    desk = await a_simulated_desk()

    own = await commit(desk, auditor(), until=await soon(desk))
    of_others = await commit(desk, COMMISSIONER, "ZZ1", until=await soon(desk))

    assert (own.organisation, of_others.organisation) == ("ZZ1", "ZZQ")
    assert own.cases == ()


async def test_what_stood_at_the_instant_is_drawn_by_the_smallest_lots() -> None:
    desk = await a_simulated_desk()
    decisions = [await a_decision(desk, name) for name in ("R-1", "R-2", "R-3")]
    until = await soon(desk)
    sample = (await commit(desk, auditor(), until=until)).id
    decisions.append(await a_decision(desk, "R-4"))
    await moved(desk, until + timedelta(seconds=1))
    late = await a_decision(desk, "R-5")

    receipt = await draw_it(desk, auditor(), sample)

    fact = await drawn_of(desk, sample)
    [following] = await desk.ledger.read_all(after=fact.position, limit=1)
    assert fact.position == await desk.ledger.position_at(until)
    assert fact.beacon == following.event_id
    assert fact.population == 4
    expected = sorted(decisions, key=lambda each: lot_of(SEED, fact.beacon, DecisionId(each)))[:2]
    assert [each.decision for each in fact.drawn] == expected
    assert late not in expected
    assert receipt.changed


async def test_drawing_again_gives_the_same_sample_and_nothing_new() -> None:
    desk = await a_simulated_desk()
    until = await soon(desk)
    sample = (await commit(desk, auditor(), until=until)).id
    await moved(desk, until + timedelta(seconds=1))
    await draw_it(desk, auditor(), sample)
    head = await desk.ledger.head()

    again = await draw_it(desk, auditor(), sample)

    assert not again.changed
    assert await desk.ledger.head() == head


async def test_replaced_decisions_and_cases_entered_in_error_do_not_stand() -> None:
    desk = await a_simulated_desk()
    kept = await a_decision(desk, "R-1")
    replaced, mistaken = [await report(desk, an_order(MANAGER), name) for name in ("R-2", "R-3")]
    for incident in (replaced, mistaken):
        await decide(desk, incident.id)
    await decide(desk, replaced.id, Outcome.MET)
    left = await a_decision(desk, "R-4")
    await desk.change(
        an_order(MANAGER), ENTER_IN_ERROR, lambda pen: EnterInError(reason=pen.narrative("A test")), stream=mistaken.id
    )
    wanted = Criteria((OdsCode("ZZ1"),), Question.SAFEGUARDING, Outcome.NOT_MET)

    head = (await desk.ledger.head()).position
    found = await desk.populations.standing_at(head, wanted, auditor().actor)

    assert {member.decision for member in found} == {kept, left}


async def test_a_commissioner_samples_the_providers_that_it_commissions_and_no_other() -> None:
    desk = await a_simulated_desk()
    theirs = await a_decision(desk, "R-1")
    await a_decision(desk, "R-2", org="ZZ2")
    until = await soon(desk)

    with pytest.raises(OrganisationUnknown):
        await commit(desk, COMMISSIONER, "ZZ1", "ZZ2", until=until)
    with pytest.raises(ProvidersMissing):
        await commit(desk, COMMISSIONER, until=until)
    sample = (await commit(desk, COMMISSIONER, "ZZ1", until=until)).id
    await moved(desk, until + timedelta(seconds=1))
    await draw_it(desk, COMMISSIONER, sample)

    assert [each.decision for each in (await drawn_of(desk, sample)).drawn] == [theirs]


async def test_an_auditor_samples_their_own_organisation_only() -> None:
    desk = await a_simulated_desk()

    with pytest.raises(OrganisationUnknown):
        await commit(desk, auditor(), "ZZ2", until=await soon(desk))


@pytest.mark.parametrize("role", [MANAGER, Role.APPROVER, Role.ANALYST, Role.ADMINISTRATOR, Role.REPORTER])
async def test_who_makes_decisions_does_not_draw_samples_of_them(role: Role) -> None:
    desk = await a_simulated_desk()
    sample = (await commit(desk, auditor(), until=await soon(desk))).id

    with pytest.raises(NotPermitted):
        await commit(desk, an_order(role), until=await soon(desk))
    with pytest.raises(NotPermitted):
        await draw_it(desk, an_order(role), sample)


async def test_anothers_sample_does_not_exist() -> None:
    desk = await a_simulated_desk()
    sample = (await commit(desk, auditor(), until=await soon(desk))).id

    with pytest.raises(RecordNotFound):
        await draw_it(desk, auditor("ZZ2"), sample)


@pytest.mark.parametrize("early", [timedelta(0), timedelta(minutes=-1)])
async def test_at_the_instant_itself_more_may_be_recorded_and_nothing_is_drawn(early: timedelta) -> None:
    desk = await a_simulated_desk()
    until = await soon(desk)
    sample = (await commit(desk, auditor(), until=until)).id
    await moved(desk, until + early)

    with pytest.raises(DrawnTooEarly):
        await draw_it(desk, auditor(), sample)


async def test_on_a_quiet_ledger_a_draw_waits_for_the_first_event_after_the_instant_whose_id_nobody_chose() -> None:
    moment = [NOON]
    ledger = MemoryLedger(now=lambda: moment[0])
    desk = await a_desk(ledger, time=ClockBeside(ledger, moment))
    sample = (await commit(desk, auditor(), until=NOON + timedelta(minutes=1))).id
    moment[0] = NOON + timedelta(hours=1)

    with pytest.raises(DrawnTooEarly):
        await draw_it(desk, auditor(), sample)
    other = await commit(desk, auditor(), until=moment[0] + timedelta(minutes=1))

    assert (await draw_it(desk, auditor(), sample)).changed
    [first] = await desk.ledger.read_stream(other.id)
    assert (await drawn_of(desk, sample)).beacon == first.event_id


async def test_a_commissioner_whose_relation_has_ended_draws_nothing_any_more() -> None:
    """The seed stays secret, and the decisions too."""
    desk = await a_simulated_desk()
    until = await soon(desk)
    sample = (await commit(desk, COMMISSIONER, "ZZ1", until=until)).id
    ended = EndCommissioning(commissioner=OdsCode("ZZQ"), to_on=until.date())
    stream = organisation_stream(OdsCode("ZZ1"))
    await desk.change(system("ZZ1"), END_COMMISSIONING, lambda _pen: ended, stream=stream)
    await moved(desk, until + timedelta(days=2))

    with pytest.raises(NotPermitted):
        await draw_it(desk, COMMISSIONER, sample)
