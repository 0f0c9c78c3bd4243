"""The desk: a key is looked up before anything is decided, nothing leaks, and what was overtaken is decided again."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from domain.evidence.commands.preserve_evidence import PreserveEvidence
from domain.incident.commands.secure_safety import SecureSafety
from domain.kernel.actor import Role
from domain.kernel.streams import LEDGER_STREAM
from domain.kernel.words import EvidenceId, IncidentId, RecordId
from service.handling.identifiers import new_id
from service.handling.pen import Pen
from service.handling.refusals import (
    EffectiveInFuture,
    KeyReused,
    NotPermitted,
    OrganisationUnknown,
    RecordNotFound,
    ReferenceTaken,
    StillRunning,
    VersionStale,
)
from service.handling.tasks.evidence import PRESERVE_EVIDENCE
from service.handling.tasks.incident import REPORT_INCIDENT, SECURE_SAFETY
from service.store.ledger import Appended, AppendRequest, Conflict, Outcome
from service.store.memory import MemoryLedger
from tests.support.desks import a_desk, a_report, an_order, report


def made_safe(pen: Pen) -> SecureSafety:
    return SecureSafety(step=RecordId(pen.new_id()), steps_taken=pen.narrative("The theatre was searched."))


async def test_a_report_is_recorded_and_says_where_it_stands() -> None:
    desk = await a_desk()

    receipt = await report(desk, an_order(key="k"))

    [first, *_] = await desk.ledger.read_stream(receipt.stream)
    assert (first.type, first.organisation) == ("incident.reported.v1", "ZZ1")
    assert receipt.id == receipt.stream
    assert receipt.position == (await desk.ledger.head()).position
    assert receipt.cases == (receipt.stream,)


async def test_the_same_key_and_body_give_the_first_answer_again() -> None:
    desk = await a_desk()
    first = await report(desk, an_order(key="k"))
    head = await desk.ledger.head()

    again = await report(desk, an_order(key="k"))

    assert again.replayed
    assert (again.id, again.version, again.position) == (first.id, first.version, first.position)
    assert await desk.ledger.head() == head


async def test_the_same_key_with_another_body_is_refused() -> None:
    desk = await a_desk()
    await report(desk, an_order(key="k"))

    with pytest.raises(KeyReused):
        await report(desk, an_order(key="k", body=b"another"), "R-2")


async def test_one_clients_key_is_nothing_to_another_client() -> None:
    desk = await a_desk()
    first = await report(desk, an_order(key="k"))

    other = await report(desk, an_order(key="k", number=8), "R-2")

    assert not other.replayed
    assert other.id != first.id


class Slow(MemoryLedger):
    """A ledger that waits before it appends, until it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.go = asyncio.Event()
        self.go.set()

    async def append(self, request: AppendRequest) -> Outcome:
        await self.go.wait()
        return await super().append(request)


async def test_a_key_whose_request_still_runs_is_asked_to_wait() -> None:
    ledger = Slow()
    desk = await a_desk(ledger)
    ledger.go.clear()
    running = asyncio.create_task(report(desk, an_order(key="k")))
    await asyncio.sleep(0)

    with pytest.raises(StillRunning):
        await report(desk, an_order(key="k"))
    ledger.go.set()
    assert not (await running).replayed


async def test_a_refused_command_stores_nothing_and_is_decided_again_under_its_key() -> None:
    desk = await a_desk()
    await report(desk, an_order(), "R-1")
    head = await desk.ledger.head()

    with pytest.raises(ReferenceTaken):
        await report(desk, an_order(key="k"), "R-1")
    assert await desk.ledger.head() == head

    assert not (await report(desk, an_order(key="k"), "R-2")).replayed


async def test_a_reference_used_before_names_the_first_report() -> None:
    desk = await a_desk()
    first = await report(desk, an_order())

    with pytest.raises(ReferenceTaken) as refused:
        await report(desk, an_order())

    assert refused.value.stream == first.stream


async def test_a_report_about_an_unregistered_organisation_is_refused() -> None:
    desk = await a_desk()

    with pytest.raises(OrganisationUnknown) as refused:
        await report(desk, an_order(Role.REPORTER_SYSTEM), provider="ZZ9")

    assert refused.value.pointers == ("/provider",)


async def test_a_commissioner_is_not_a_provider_to_report_about() -> None:
    desk = await a_desk()

    with pytest.raises(OrganisationUnknown):
        await report(desk, an_order(Role.REPORTER_SYSTEM), provider="ZZQ")


async def test_a_reporting_system_may_report_about_another_provider_and_not_change_it() -> None:
    desk = await a_desk()
    order = an_order(Role.REPORTER_SYSTEM, org="ZZ2", number=9)
    receipt = await report(desk, order)

    with pytest.raises(RecordNotFound):
        await desk.change(order, SECURE_SAFETY, made_safe, stream=receipt.stream)


async def test_a_reporter_of_one_trust_may_not_report_about_another() -> None:
    desk = await a_desk()

    with pytest.raises(NotPermitted):
        await report(desk, an_order(Role.REPORTER, org="ZZ2"))


async def test_a_record_of_another_trust_looks_as_if_it_did_not_exist() -> None:
    desk = await a_desk()
    receipt = await report(desk, an_order())

    with pytest.raises(RecordNotFound):
        await desk.change(an_order(org="ZZ2"), SECURE_SAFETY, made_safe, stream=receipt.stream)


async def test_a_commissioner_sees_the_record_but_may_not_give_the_providers_command() -> None:
    desk = await a_desk()
    receipt = await report(desk, an_order())

    with pytest.raises(NotPermitted):
        await desk.change(an_order(Role.COMMISSIONER, org="ZZQ"), SECURE_SAFETY, made_safe, stream=receipt.stream)


async def test_a_commissioner_of_others_does_not_see_the_record() -> None:
    desk = await a_desk()
    receipt = await report(desk, an_order(Role.REPORTER_SYSTEM), provider="ZZ2")

    with pytest.raises(RecordNotFound):
        await desk.change(an_order(Role.COMMISSIONER, org="ZZQ"), SECURE_SAFETY, made_safe, stream=receipt.stream)


@pytest.mark.parametrize("stream", [UUID(int=5), LEDGER_STREAM])
async def test_a_stream_that_is_no_incident_is_not_found(stream: UUID) -> None:
    desk = await a_desk()

    with pytest.raises(RecordNotFound):
        await desk.change(an_order(), SECURE_SAFETY, made_safe, stream=stream)


async def test_a_stream_of_another_case_is_not_found_under_this_incident() -> None:
    desk = await a_desk()
    one, two = await report(desk, an_order(), "R-1"), await report(desk, an_order(), "R-2")

    with pytest.raises(RecordNotFound):
        await desk.change(an_order(), SECURE_SAFETY, made_safe, stream=one.stream, path={"incident": two.stream})


async def test_a_stale_version_is_refused_and_names_the_present_one() -> None:
    desk = await a_desk()
    receipt = await report(desk, an_order())

    with pytest.raises(VersionStale) as refused:
        await desk.change(an_order(expected=receipt.version - 1), SECURE_SAFETY, made_safe, stream=receipt.stream)

    assert refused.value.version == receipt.version


async def test_a_report_is_at_no_version_before_it_begins() -> None:
    desk = await a_desk()

    with pytest.raises(VersionStale):
        await report(desk, an_order(expected=1))
    assert (await report(desk, an_order(expected=0))).version


async def test_what_joins_a_case_is_held_to_the_version_of_the_case_that_was_read() -> None:
    desk = await a_desk()
    case = await report(desk, an_order())

    def a_log(pen: Pen) -> PreserveEvidence:
        return PreserveEvidence(
            evidence=EvidenceId(pen.stream),
            incident=IncidentId(case.stream),
            item=pen.narrative("A log."),
            sha256=None,
            custodian=pen.personal(pen.new_person(), "Terry Specimen"),
            place=None,
        )

    with pytest.raises(VersionStale) as refused:
        await desk.begin(an_order(expected=case.version - 1), PRESERVE_EVIDENCE, a_log, stream=new_id())
    assert refused.value.version == case.version

    order = an_order(expected=case.version, key="k")
    kept = await desk.begin(order, PRESERVE_EVIDENCE, a_log, stream=new_id())
    await desk.change(an_order(), SECURE_SAFETY, made_safe, stream=case.stream)
    assert (await desk.begin(order, PRESERVE_EVIDENCE, a_log, stream=new_id())).id == kept.id


async def test_a_fact_cannot_become_true_in_the_future() -> None:
    desk = await a_desk()

    with pytest.raises(EffectiveInFuture):
        await report(desk, an_order(effective_at=datetime.now(UTC) + timedelta(minutes=1)))


class Overtaking(MemoryLedger):
    """A ledger in which somebody else is always a little faster, a given number of times."""

    def __init__(self) -> None:
        super().__init__()
        self.overtakes = 0

    async def append(self, request: AppendRequest) -> Outcome:
        if self.overtakes:
            self.overtakes -= 1
            return Conflict(request.expected_version + 1)
        return await super().append(request)


async def test_a_command_that_was_overtaken_is_decided_again() -> None:
    ledger = Overtaking()
    desk = await a_desk(ledger)
    receipt = await report(desk, an_order())
    ledger.overtakes = 3

    done = await desk.change(an_order(), SECURE_SAFETY, made_safe, stream=receipt.stream)

    assert done.version == receipt.version + 1


async def test_a_command_that_relied_on_a_version_is_not_decided_again_when_overtaken() -> None:
    ledger = Overtaking()
    desk = await a_desk(ledger)
    receipt = await report(desk, an_order())
    ledger.overtakes = 1

    with pytest.raises(VersionStale):
        await desk.change(an_order(expected=receipt.version), SECURE_SAFETY, made_safe, stream=receipt.stream)


class LosingReplies(MemoryLedger):
    """A ledger that stores an append and then answers with what a second try would find."""

    lost = False

    async def append(self, request: AppendRequest) -> Outcome:
        outcome = await super().append(request)
        if self.lost and isinstance(outcome, Appended):
            return await super().append(request)
        return outcome


async def test_an_append_that_had_happened_already_is_answered_as_replayed() -> None:
    ledger = LosingReplies()
    desk = await a_desk(ledger)
    ledger.lost = True

    receipt = await desk.begin(an_order(key="k"), REPORT_INCIDENT, a_report(), stream=new_id())

    assert receipt.replayed
    assert (
        len([event for event in await ledger.read_all(after=0, limit=100) if event.type == "incident.reported.v1"]) == 1
    )


async def test_the_subject_of_a_token_is_stored_only_sealed() -> None:
    desk = await a_desk()
    await report(desk, an_order())

    stored = b"".join(event.payload for event in await desk.ledger.read_all(after=0, limit=100))

    assert b"subject-7" not in stored
    assert b"swab" not in stored
