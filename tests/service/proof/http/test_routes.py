"""What an auditor asks over HTTP: checkpoints, proofs and keys that the published checks accept, and clear refusals."""

from base64 import b64decode
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from domain.kernel.actor import Role
from service.proof.checkpoint import HEADS, open_checkpoint
from service.proof.lines import from_hash_lines
from service.proof.notes import VerifierKey, cosign
from service.proof.proof_text import ProofText
from service.proof.signing import COSIGNATURE, Signer
from service.proof.tree import root_of
from service.proof.verifying import check_consistency, check_inclusion
from service.reading.audit.proofs import COSIGNS, READS_PROOFS
from service.store.proofs.witnesses import Witness
from tests.support.proof.proved import a_proved_ledger
from tests.support.proof.served import Served, served
from tests.support.running.postgres import EMBEDDED, Server

pytestmark = pytest.mark.asyncio(loop_scope="module")

LATEST = "/v1/audit/checkpoints/latest"
WITNESS = Signer.from_seed("commissioner.example", bytes(31) + b"w", COSIGNATURE)
STRANGER = Signer.from_seed("stranger.example", bytes(31) + b"s", COSIGNATURE)
OTHERS = sorted(set(Role) - READS_PROOFS - {Role.SYSTEM})


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stand(servers: dict[int, Server], tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Served]:
    """A ledger of 4 events under a first checkpoint, then of 304 under a second, then one that is not proved yet."""
    async with a_proved_ledger(servers[EMBEDDED]) as proved:
        await proved.report(events=3)
        await proved.prove()
        await proved.report(events=300)
        await proved.prove()
        await proved.report()
        async with served(proved, tmp_path_factory.mktemp("served"), [Witness(WITNESS.key, None)]) as made:
            yield made


async def log_keys(stand: Served) -> tuple[str, list[VerifierKey]]:
    keys = await stand.ok("/v1/audit/keys")
    return keys["origin"], [VerifierKey.parse(each["vkey"]) for each in keys["keys"]]


async def test_the_latest_checkpoint_is_signed_and_says_how_far_behind_it_is(stand: Served) -> None:
    shown = await stand.ok(LATEST)
    origin, keys = await log_keys(stand)

    opened = open_checkpoint(shown["note"], origin, keys)
    heads = open_checkpoint(shown["heads_note"], origin + HEADS, keys)
    assert (opened.checkpoint.size, opened.checkpoint.root) == (304, b64decode(shown["root"]))
    assert (heads.checkpoint.size, heads.checkpoint.root) == (304, b64decode(shown["heads_root"]))
    assert (shown["size"], shown["lag"], shown["origin"]) == (304, 1, origin)


async def test_the_note_itself_is_one_of_the_forms(stand: Served) -> None:
    shown = await stand.ok(LATEST)

    assert await stand.text(LATEST) == shown["note"]
    assert (await stand.get("/v1/audit/checkpoint")).text == shown["note"]
    assert (await stand.get("/v1/audit/tiles/checkpoint")).text == shown["note"]


async def test_checkpoints_are_listed_the_largest_first_and_found_by_size(stand: Served) -> None:
    listed = await stand.ok("/v1/audit/checkpoints")
    one = await stand.get("/v1/audit/checkpoints", params={"limit": 1})

    assert [each["size"] for each in listed] == [304, 4]
    assert await stand.ok("/v1/audit/checkpoints/4", template="/v1/audit/checkpoints/{size}") == listed[1]
    assert [each["size"] for each in one.json()] == [304]
    following = (await stand.get(one.links["next"]["url"])).json()
    assert [each["size"] for each in following] == [4]
    enveloped = await stand.ok("/v1/audit/checkpoints", limit="1", envelope="true")
    assert enveloped["items"] == listed[:1]
    assert enveloped["next"] == "/v1/audit/checkpoints?limit=1&envelope=true&before=304"


async def test_a_checkpoint_that_the_client_has_is_not_sent_again(stand: Served) -> None:
    first = await stand.get("/v1/audit/checkpoints/4")

    again = await stand.get("/v1/audit/checkpoints/4", headers={"If-None-Match": first.headers["ETag"]})

    assert again.status_code == 304


@pytest.mark.parametrize(("position", "size"), [(1, 304), (257, 304), (304, 304), (2, 4)])
async def test_an_event_is_shown_to_stand_under_a_checkpoint(stand: Served, position: int, size: int) -> None:
    path = "/v1/audit/proofs/inclusion"
    asked: dict[str, Any] = {"position": position} | ({} if size == 304 else {"size": size})
    shown = await stand.ok(path, **asked)
    origin, keys = await log_keys(stand)

    [made] = await stand.proved.proofs.leaves([position])
    leaf, root = bytes.fromhex(shown["leaf_hash"]), b64decode(shown["checkpoint"]["root"])
    assert leaf == made.leaf.hash
    check_inclusion(leaf, position - 1, size, [b64decode(each) for each in shown["path"]], root)
    ProofText.parse(await stand.text(path, **asked)).check(leaf, origin, keys)


@pytest.mark.parametrize(("first", "second"), [(4, 304), (1, 4), (100, 304), (304, 304)])
async def test_the_log_is_shown_to_have_only_grown(stand: Served, first: int, second: int) -> None:
    path = "/v1/audit/proofs/consistency"
    asked: dict[str, Any] = {"from": first, "to": second}
    shown, told = await stand.ok(path, **asked), await stand.text(path, **asked)

    proof = [b64decode(each) for each in shown["path"]]
    before = await stand.proved.proofs.leaves(range(1, first + 1))
    check_consistency(
        first, second, proof, root_of(each.hash for each in before), b64decode(shown["checkpoint"]["root"])
    )
    lines = told.partition("\n\n")[0] if proof else ""
    assert from_hash_lines(lines.split("\n") if lines else []) == proof


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("checkpoints/5", 404),
        ("checkpoints/0", 404),
        ("checkpoints/04", 404),
        ("checkpoints/9999999999999999999999", 404),
        ("checkpoints/ten", 404),
        ("proofs/inclusion?position=0", 404),
        ("proofs/inclusion?position=305", 409),
        ("proofs/inclusion?position=306", 404),
        ("proofs/inclusion?position=5&size=4", 404),
        ("proofs/inclusion?position=1&size=3", 404),
        ("proofs/inclusion", 400),
        ("proofs/inclusion?position=-1", 400),
        ("proofs/inclusion?position=1&as_of=2026-01-01T00:00:00Z", 400),
        ("proofs/consistency?from=0", 404),
        ("proofs/consistency?from=305", 404),
        ("proofs/consistency?from=304&to=4", 404),
        ("proofs/consistency?from=1&to=2", 404),
        ("proofs/consistency?to=304", 400),
        ("tiles/tile/0/002", 404),
        ("tiles/tile/0/001.p/49", 404),
        ("tiles/tile/entries/000", 404),
        ("tiles/tile/0/1", 404),
        ("tiles/tile/9/000", 404),
        ("tiles/tile/0/x000/001", 404),
    ],
)
async def test_what_is_not_there_is_refused(stand: Served, path: str, status: int) -> None:
    answer = await stand.get(f"/v1/audit/{path}")

    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert ("Retry-After" in answer.headers) is (status == 409)


async def test_a_client_may_wait_for_the_proof_of_what_it_sent(stand: Served) -> None:
    early = await stand.get(LATEST, params={"min_position": 304})
    late = await stand.get(LATEST, params={"min_position": 305})

    assert early.status_code == 200
    assert (late.status_code, late.headers["Retry-After"]) == (503, "1")


@pytest.mark.parametrize("path", ["checkpoint", "checkpoints", "checkpoints/latest", "checkpoints/4", "keys"])
async def test_who_may_not_read_the_log_may_not_read_its_proof(stand: Served, path: str) -> None:
    for role in OTHERS:
        assert (await stand.get(f"/v1/audit/{path}", role)).status_code == 403
    for role in sorted(READS_PROOFS):
        assert (await stand.get(f"/v1/audit/{path}", role)).status_code == 200


async def test_every_event_and_every_stub_has_the_hash_of_its_leaf_once_it_is_proved(stand: Served) -> None:
    shown = (await stand.get("/v1/events", params={"after": 301, "limit": 4})).json()
    hidden = (await stand.get("/v1/events", Role.REGULATOR, params={"after": 301, "limit": 4})).json()

    made = await stand.proved.proofs.leaves(range(302, 305))
    hashes = [each.leaf.hash.hex() for each in made]
    assert [each["leaf_hash"] for each in shown] == [*hashes, None]
    assert hidden == [
        {"position": position, "stub": True, "leaf_hash": leaf}
        for position, leaf in zip(range(302, 306), [*hashes, None], strict=True)
    ]


async def test_a_witness_brings_its_cosignature_and_the_note_has_its_line(stand: Served) -> None:
    path = "/v1/audit/checkpoints/4/cosignatures"
    line = cosign(await text_at(stand, 4), WITNESS, 1_800_000_000).text

    for given in (line, line.rstrip("\n")):  # the same again is the same
        answer = await stand.send("POST", path, Role.COMMISSIONER, json={"cosignature": given})
        assert answer.status_code == 201, answer.text
    origin, keys = await log_keys(stand)
    opened = open_checkpoint(await stand.text("/v1/audit/checkpoints/4"), origin, keys, [WITNESS.key])

    assert [verified.time for verified in opened.by_witnesses] == [1_800_000_000]
    [shown] = (await stand.get("/v1/audit/checkpoints/4")).json()["cosignatures"]
    assert (shown["name"], shown["line"] + "\n") == (WITNESS.name, line)


async def text_at(stand: Served, size: int) -> str:
    return (await stand.text(f"/v1/audit/checkpoints/{size}")).partition("\n\n")[0] + "\n"


async def test_a_line_that_is_no_known_witness_s_is_refused(stand: Served) -> None:
    path, text = "/v1/audit/checkpoints/304/cosignatures", await text_at(stand, 304)
    other = await text_at(stand, 4)
    bad = [
        cosign(text, STRANGER, 1).text,
        cosign(other, WITNESS, 1).text,
        "nothing of the kind",
        cosign(text, WITNESS, 1).text + "more\n",
    ]

    for line in bad:
        answer = await stand.send("POST", path, json={"cosignature": line})
        assert (answer.status_code, answer.json()["code"]) == (422, "proof.cosignature-refused")
    assert (await stand.get("/v1/audit/checkpoints/304")).json()["cosignatures"] == []


async def test_only_who_looks_on_from_outside_may_cosign(stand: Served) -> None:
    line = {"cosignature": cosign(await text_at(stand, 304), STRANGER, 1).text}
    path = "/v1/audit/checkpoints/304/cosignatures"

    for role in sorted(set(Role) - {Role.SYSTEM}):
        status = (await stand.send("POST", path, role, json=line)).status_code
        assert status == (422 if role in COSIGNS else 403)
    assert (await stand.send("POST", "/v1/audit/checkpoints/5/cosignatures", json=line)).status_code == 404
