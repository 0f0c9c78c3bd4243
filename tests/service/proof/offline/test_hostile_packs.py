"""Whatever the file, the verifier answers: it never ends with a traceback, and never takes a changed pack for a good one."""

import json
import random
from pathlib import Path
from typing import Any

import pytest
import rfc8785
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service.proof.offline.command import report_on
from tests.support.proof.bad_packs.brought import honest

KEY = honest().log.key.vkey
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


def code_of(folder: Path, data: bytes, **brought: Any) -> int:
    path = folder / "pack.zip"
    path.write_bytes(data)
    report = report_on(str(path), **{"keys": [KEY], "witnesses": [], "checkpoint": None, **brought})
    assert report.text()
    return report.code


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("hostile")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=400))
def test_bytes_that_are_no_pack_are_answered(data: bytes, folder: Path) -> None:
    assert code_of(folder, data) == 2
    assert code_of(folder, honest().zipped()[: len(data)] + data) == 2


@pytest.mark.parametrize("kind", ["log", "case"])
def test_a_byte_changed_in_any_file_of_a_pack_is_found(kind: str, folder: Path) -> None:
    """Bytes of the ZIP's own that say nothing of what is in it may differ: the files are then the same."""
    whole, files = honest(kind).zipped(), honest(kind).files
    draw = random.Random(4)
    for name, content in files.items():
        start = whole.index(content)
        for place in draw.sample(range(len(content)), min(len(content), 12)):
            bent = bytearray(whole)
            bent[start + place] ^= 1 << draw.randrange(8)
            assert code_of(folder, bytes(bent)) != 0, f"{name} at {place}"


def test_a_byte_changed_anywhere_is_answered(folder: Path) -> None:
    whole = honest("case").zipped()
    draw = random.Random(5)
    for _ in range(150):
        bent = bytearray(whole)
        for _ in range(draw.randint(1, 3)):
            bent[draw.randrange(len(bent))] = draw.randrange(256)
        assert code_of(folder, bytes(bent[: draw.randint(1, len(bent))])) in {0, 1, 2}


def changed(value: Any, change: Any, draw: random.Random) -> Any:
    """A JSON value in which one part, anywhere, is another."""
    if isinstance(value, dict) and value and draw.random() < 0.85:
        name = draw.choice(sorted(value))
        return {**value, name: changed(value[name], change, draw)}
    if isinstance(value, list) and value and draw.random() < 0.85:
        place = draw.randrange(len(value))
        return [*value[:place], changed(value[place], change, draw), *value[place + 1 :]]
    return change


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(change=ANY_JSON, seed=st.integers(0, 10**6), name=st.sampled_from(["proofs.json", "opened.json", "pack.json"]))
def test_json_of_another_shape_is_answered(change: Any, seed: int, name: str, folder: Path) -> None:
    pack = honest("case")
    pack.put(name, changed(pack.json(name), change, random.Random(seed)))

    assert code_of(folder, (pack.sign() if name == "pack.json" else pack.seal()).zipped()) in {0, 1, 2}


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(change=ANY_JSON, seed=st.integers(0, 10**6), kind=st.sampled_from(["log", "case"]))
def test_a_line_of_another_shape_is_found(change: Any, seed: int, kind: str, folder: Path) -> None:
    pack, draw = honest(kind), random.Random(seed)
    number = draw.randrange(len(pack.lines()))
    was = json.loads(pack.lines()[number])
    line = changed(was, change, draw)
    pack.put_lines([*pack.lines()[:number], rfc8785.dumps(line), *pack.lines()[number + 1 :]])

    assert code_of(folder, pack.seal().zipped()) == (0 if line == was and type(line) is type(was) else 1)


@pytest.mark.parametrize("name", ["checkpoint", "heads", "pack.note", "log.vkey", "events.ndjson"])
def test_a_file_of_any_bytes_is_answered(name: str, folder: Path) -> None:
    draw = random.Random(name)
    for _ in range(20):
        pack = honest("case")
        data = bytearray(pack.files[name])
        for _ in range(draw.randint(1, 4)):
            place = draw.randrange(len(data))
            data[place : place + draw.randint(0, 3)] = draw.randbytes(draw.randint(0, 3))
        pack.files[name] = bytes(data)
        pack = pack if name == "pack.note" else pack.seal()
        assert code_of(folder, pack.zipped(), keys=[] if name == "log.vkey" else [KEY]) in {0, 1, 2}
