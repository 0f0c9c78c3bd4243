"""A pack is the same to the byte for the same pin and the same reader, and what may change in it afterwards is named."""

import json
import zipfile
from io import BytesIO

import pytest

from domain.incident.events import SafetySecured
from domain.kernel.actor import Role
from service.proof.notes import cosign
from service.proof.signing import COSIGNATURE, Signer
from tests.service.audit.packed import CASE, SAMPLE, Marked
from tests.support.chronicle import commissioned, named, registered
from tests.support.sample_events import sample

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_the_same_question_has_the_same_bytes(marked: Marked) -> None:
    for path in (str(CASE), f"samples/{SAMPLE}"):
        one, other = await marked.pack(path), await marked.pack(path)
        assert one.whole == other.whole


async def test_a_pinned_pack_is_the_same_once_the_ledger_has_grown(marked: Marked) -> None:
    before = await marked.pack(CASE)
    size = before.json("pack.json")["size"]
    for number in range(40):
        await marked.chronicle.record(marked.chronicle.report(f"later {number}"), cases=[named(f"later {number}")])
    later = await marked.pack(named("later 39"))

    assert later.json("pack.json")["size"] > size
    assert (await marked.pack(CASE, as_known_at=size)).whole == before.whole
    assert (await marked.pack(CASE, as_known_at=size - 3)).whole == before.whole, "the first checkpoint that covers it"
    assert (await marked.pack(CASE)).json("pack.json")["size"] > size, "without a pin, the newest"


async def test_what_the_case_itself_went_on_to_is_not_in_the_pinned_pack(marked: Marked) -> None:
    before = await marked.pack(CASE)
    size = before.json("pack.json")["size"]
    await marked.write(sample(SafetySecured))

    assert (await marked.pack(CASE, as_known_at=size)).whole == before.whole
    later = await marked.pack(CASE)
    assert later.members["events.ndjson"].startswith(before.members["events.ndjson"])
    assert later.members["events.ndjson"] != before.members["events.ndjson"]


async def test_nor_is_what_organisations_were_called_since(marked: Marked) -> None:
    chronicle = marked.chronicle
    await chronicle.record(commissioned("ZZ1", "ZZXQ"))
    await chronicle.tell()
    before = await marked.pack(CASE, Role.COMMISSIONER, organisation="ZZXQ")
    await chronicle.record(registered("ZZXQ", "Some other ICB"), organisation="ZZXQ")
    await marked.proofs.cut()

    size = before.json("pack.json")["size"]
    assert (await marked.pack(CASE, Role.COMMISSIONER, organisation="ZZXQ", as_known_at=size)).whole == before.whole
    assert "Some other ICB" in (await marked.pack(CASE, Role.COMMISSIONER, organisation="ZZXQ")).page


async def test_an_instant_is_a_pin_too(marked: Marked) -> None:
    await marked.proofs.cut()
    whole = await marked.pack(CASE)
    instant = marked.chronicle.clock.isoformat()

    assert (await marked.pack(CASE, as_known_at=instant)).whole == whole.whole


async def test_a_case_that_was_not_there_yet_does_not_exist_under_an_earlier_checkpoint(marked: Marked) -> None:
    await marked.pack(CASE)
    await marked.chronicle.record(marked.chronicle.report("newborn"), cases=[named("newborn")])

    assert (await marked.ask(str(named("newborn")), as_known_at=3)).status_code == 404
    assert (await marked.ask(str(named("newborn")))).status_code == 200


async def test_the_members_are_stored_in_order_with_one_date(marked: Marked) -> None:
    pack = await marked.pack(CASE)

    with zipfile.ZipFile(BytesIO(pack.whole)) as archive:
        described = archive.infolist()
    names = [each.filename for each in described]
    assert names == sorted(names)
    assert {(each.compress_type, each.date_time, each.create_system, each.flag_bits) for each in described} == {
        (zipfile.ZIP_STORED, (1980, 1, 1, 0, 0, 0), 3, 0)
    }
    assert {each.external_attr >> 16 for each in described} == {0o644}


async def test_a_witness_that_signs_later_changes_the_checkpoint_and_what_names_it(marked: Marked) -> None:
    before = await marked.pack(CASE)
    proofs = marked.proofs
    witness = Signer.from_seed("witness.example", bytes(32), COSIGNATURE)
    text = before.members["checkpoint"].decode().split("\n\n")[0] + "\n"
    proofs.witness(cosign(text, witness, 1_772_000_000))

    after = await marked.pack(CASE)
    assert _differing(before.members, after.members) == {"checkpoint", "pack.json", "pack.note"}
    assert after.members["checkpoint"].startswith(before.members["checkpoint"])


async def test_a_tag_stands_for_the_bytes(marked: Marked) -> None:
    one = await marked.ask(str(CASE))
    same = await marked.stand.get(f"/v1/evidence-packs/{CASE}", headers={"If-None-Match": one.headers["ETag"]})
    auditor = {"If-None-Match": one.headers["ETag"]}
    other = await marked.stand.get(f"/v1/evidence-packs/{CASE}", Role.AUDITOR, headers=auditor)

    assert (same.status_code, same.content, same.headers["ETag"]) == (304, b"", one.headers["ETag"])
    assert other.status_code == 200


async def test_an_erasure_changes_what_is_opened_and_nothing_that_is_sealed(marked: Marked) -> None:
    before = await marked.pack(CASE)
    size = before.json("pack.json")["size"]
    tag = (await marked.ask(str(CASE))).headers["ETag"]
    erased = await _erase_one(marked)

    after = await marked.pack(CASE, as_known_at=size)
    assert _differing(before.members, after.members) == {"opened.json", "timeline.html", "pack.json", "pack.note"}
    places = {(each["position"], each["path"]) for each in after.json("opened.json") if each.get("erased")}
    assert places == {place for place, words in marked.marks.items() if words in erased}
    assert places
    for words in erased:
        assert json.dumps(words, ensure_ascii=False).encode() not in after.members["opened.json"]
        assert json.dumps(words, ensure_ascii=False).encode() in before.members["opened.json"]
    assert '<span class="mark">erased</span></dd>' in after.page
    assert '<span class="mark">erased</span></dd>' not in before.page
    again = await marked.stand.get(f"/v1/evidence-packs/{CASE}", headers={"If-None-Match": tag}, as_known_at=size)
    assert again.status_code == 200, "the reader has not got what is true now"


async def _erase_one(marked: Marked) -> set[str]:
    """Destroy the key of one value of the case; the words that nobody can read any more."""
    event = (await marked.chronicle.ledger.read_case(CASE))[0]
    key = json.loads(event.payload)["what_happened"]["key"]
    owner = await marked.chronicle.database.owner()
    await owner.execute("alter table vault.keys disable trigger user")
    await owner.execute("update vault.keys set wrapped = '' where key_id = $1", key)
    await owner.execute("alter table vault.keys enable trigger user")
    found: set[str] = set()
    for each in await marked.chronicle.ledger.read_case(CASE):
        held = {place: words for place, words in marked.marks.items() if place[0] == each.position}
        found |= {words for (_, path), words in held.items() if _at(json.loads(each.payload), path)["key"] == key}
    return found


def _at(payload: object, path: str) -> dict[str, str]:
    value: object = payload
    for step in path.split("."):
        value = value[int(step)] if isinstance(value, list) else value[step]  # type: ignore[index]  # as JSON has it
    assert isinstance(value, dict)
    return value


def _differing(one: dict[str, bytes], other: dict[str, bytes]) -> set[str]:
    return {name for name in one.keys() | other.keys() if one.get(name) != other.get(name)}
