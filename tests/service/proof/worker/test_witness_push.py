"""Checkpoints are sent to witnesses over real HTTP; what contradicts the log is an alarm, and what is away is waited for."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus

import pytest
from structlog.testing import capture_logs

from domain.ledger.events import Loss
from service.proof.checkpoint import Checkpoint, open_checkpoint
from service.proof.notes import cosign
from service.proof.signing import Signer
from service.proof.witness import PLAIN_TYPE, SIZE_TYPE, Answer
from service.settings import SettingInvalidError
from service.store.proofs.resuming import find_difference, take_name
from service.store.proofs.signing_keys import list_signing_keys
from service.store.proofs.witnesses import Witness, witnesses_in
from service.worker.proving.witnessing import Patience, Witnessing
from tests.support.proof.proved import Proved, a_proved_ledger
from tests.support.proof.witness_server import KEY, TIME, WitnessServer, a_witness
from tests.support.running.postgres import EMBEDDED, Server

QUICK = Patience(between=0.02, longest_pause=0.05)


@pytest.fixture
async def proved(servers: dict[int, Server]) -> AsyncIterator[Proved]:
    async with a_proved_ledger(servers[EMBEDDED]) as made:
        await made.report(events=3)
        await made.prove()
        yield made


@pytest.fixture
async def witness(proved: Proved) -> AsyncIterator[WitnessServer]:
    with a_witness() as listening:
        origin = (await proved.proofs.log()).origin.name
        listening.knows(origin, [key.verifier(origin) for key in list_signing_keys(proved.keys)])
        yield listening


@asynccontextmanager
async def telling(proved: Proved, *witnesses: WitnessServer) -> AsyncIterator[None]:
    told = [Witness(KEY.key, each.address) for each in witnesses]
    task = asyncio.create_task(Witnessing(proved.proofs, told, patience=QUICK).run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def cosigned(proved: Proved, size: int) -> str:
    """The note of a checkpoint once a witness has cosigned it."""
    while True:
        found = await proved.proofs.checkpoint_at(size)
        if found is not None and found.cosignatures:
            return found.note
        await asyncio.sleep(0.01)


async def alarmed(proved: Proved) -> str:
    """What the status says of a witness that holds another history."""
    while True:
        conflict = (await proved.proofs.standing()).conflict
        if conflict is not None:
            return f"{conflict.witness} {conflict.size} {conflict.status} {conflict.answer}"
        await asyncio.sleep(0.01)


async def test_every_checkpoint_is_cosigned_as_the_continuation_of_the_last(
    proved: Proved, witness: WitnessServer
) -> None:
    async with telling(proved, witness):
        await cosigned(proved, 4)
        await proved.report()
        await proved.prove()
        note = await cosigned(proved, 5)

    opened = open_checkpoint(note, witness.origin, witness.keys, [KEY.key])
    assert [(verified.key, verified.time) for verified in opened.by_witnesses] == [(KEY.key, TIME)]
    assert [body.partition("\n")[0] for body in witness.asked] == ["old 0", "old 4"]
    assert witness.latest == opened.checkpoint


async def test_a_witness_that_remembers_more_than_we_do_is_asked_from_there(
    proved: Proved, witness: WitnessServer
) -> None:
    async with telling(proved, witness):
        await cosigned(proved, 4)
    await proved.report()
    await proved.prove()

    async with telling(proved, witness):  # a worker that was started again begins at 0
        await cosigned(proved, 5)

    assert [body.partition("\n")[0] for body in witness.asked] == ["old 0", "old 0", "old 4"]


async def test_two_workers_that_tell_the_same_witness_raise_no_alarm(proved: Proved, witness: WitnessServer) -> None:
    async with telling(proved, witness), telling(proved, witness):
        for size in (5, 6, 7):
            await proved.report()
            await proved.prove()
            await cosigned(proved, size)

    assert (await proved.proofs.standing()).conflict is None


@pytest.mark.parametrize(
    "answer",
    [
        Answer(HTTPStatus.INTERNAL_SERVER_ERROR, PLAIN_TYPE, "bad day\n"),
        Answer(HTTPStatus.NOT_FOUND, PLAIN_TYPE, "unknown log\n"),
        Answer(HTTPStatus.CONFLICT, PLAIN_TYPE, "4\n"),
        Answer(HTTPStatus.CONFLICT, SIZE_TYPE, "four\n"),
        Answer(HTTPStatus.OK, PLAIN_TYPE, "no line\n"),
        Answer(HTTPStatus.OK, PLAIN_TYPE, cosign("another text\n", KEY, TIME).text),
        Answer(HTTPStatus.OK, PLAIN_TYPE, "x" * 20_000),
        Answer(HTTPStatus.FOUND, PLAIN_TYPE, ""),
    ],
)
async def test_an_answer_that_is_no_cosignature_is_not_kept_and_the_witness_is_asked_again(
    proved: Proved, witness: WitnessServer, answer: Answer
) -> None:
    witness.answers.append(answer)

    async with telling(proved, witness):
        note = await cosigned(proved, 4)

    assert len(open_checkpoint(note, witness.origin, witness.keys, [KEY.key]).by_witnesses) == 1
    assert len(witness.asked) == 2
    assert (await proved.proofs.standing()).conflict is None


async def test_a_witness_that_is_away_keeps_no_other_waiting(proved: Proved, witness: WitnessServer) -> None:
    away = WitnessServer()
    away.address = "http://127.0.0.1:9"

    async with telling(proved, away, witness):
        await cosigned(proved, 4)

    assert witness.latest is not None


@pytest.mark.parametrize(("size", "root"), [(4, bytes(32)), (9, bytes(32))])
async def test_a_witness_that_holds_another_history_is_an_alarm_and_nothing_more_is_signed(
    proved: Proved, witness: WitnessServer, size: int, root: bytes
) -> None:
    witness.latest = Checkpoint(witness.origin, size, root)

    with capture_logs() as said:
        async with telling(proved, witness):
            assert await alarmed(proved) == f"witness.example 4 409 {size}\n"
            asked = len(witness.asked)
            await proved.report()
            await asyncio.wait([asyncio.create_task(proved.prover().run())], timeout=0.3)
    standing = await proved.proofs.standing()

    assert standing.alarm == "The witness witness.example holds another history than the checkpoint of 4 events."
    assert standing.checkpoint is not None
    assert standing.checkpoint.size == 4
    assert len(await proved.proofs.leaf_hashes([5])) == 1  # the tree grows all the same
    assert len(witness.asked) == asked  # it is told nothing more
    assert "a witness holds another history" in [each["event"] for each in said if each["log_level"] == "critical"]


async def test_a_proof_that_a_witness_refuses_is_an_alarm_with_the_evidence_kept(
    proved: Proved, witness: WitnessServer
) -> None:
    witness.latest = Checkpoint(witness.origin, 2, bytes(32))  # of a log that was forked after 1

    async with telling(proved, witness):
        assert (await alarmed(proved)).startswith("witness.example 4 422 ")

    standing = await proved.proofs.standing()
    assert standing.conflict is not None
    assert standing.checkpoint is not None
    assert standing.conflict.note == standing.checkpoint.note


async def test_a_dispute_ends_with_a_decision_to_go_on_under_another_name(
    proved: Proved, witness: WitnessServer
) -> None:
    witness.latest = Checkpoint(witness.origin, 9, bytes(32))
    async with telling(proved, witness):
        await alarmed(proved)

    found = await find_difference(proved.urls().reader, proved.keys)
    assert (found.loss, found.signed.size) == (Loss.DISPUTED, 4)
    await take_name(proved.urls().projector, found.origin)
    await proved.report()

    assert (await proved.prove()).size == 5
    assert (await proved.proofs.standing()).conflict is None


LOG_KEY = Signer.from_seed("log.example", bytes(32)).vkey


def test_witnesses_are_named_in_the_settings() -> None:
    vkey = KEY.vkey

    assert witnesses_in(None) == ()
    assert witnesses_in(f"{vkey} https://w.example/a/ ,") == (Witness(KEY.key, "https://w.example/a"),)
    assert witnesses_in(vkey) == (Witness(KEY.key, None),)


@pytest.mark.parametrize(
    "text",
    [
        "nothing",
        LOG_KEY,
        f"{KEY.vkey} http://w.example",
        f"{KEY.vkey} w.example",
        f"{KEY.vkey},{KEY.vkey} https://w.example",
        KEY.vkey[:-4] + "AAA=",
    ],
)
def test_a_witness_that_cannot_be_meant_is_refused(text: str) -> None:
    with pytest.raises(SettingInvalidError, match="INCIDENT_LEDGER_WITNESSES"):
        witnesses_in(text)
