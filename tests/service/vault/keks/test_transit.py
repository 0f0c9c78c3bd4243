"""The key service: what it refuses and how it fails is told apart, and what it was asked is what it documents."""

from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from service.vault.keks.source import KekSourceRefusedError, KekSourceUnavailableError
from service.vault.keks.transit import TransitKeks, TransitPlace
from tests.service.vault.keks.conftest import a_client, a_token_file, a_transit
from tests.service.vault.keks.fake_transit import FakeTransit, fake_transit


@pytest.fixture(scope="module")
def running() -> Iterator[FakeTransit]:
    with fake_transit() as fake:
        yield fake


@pytest.fixture
def fake(running: FakeTransit) -> FakeTransit:
    """A key service on which nothing is wrong."""
    running.__init__(running.url)  # type: ignore[misc] # as new, at the address that is listened at
    return running


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "keys"
    made.mkdir(mode=0o700)
    return made


def test_the_service_encrypts_our_key_and_the_folder_holds_the_ciphertext_alone(
    fake: FakeTransit, folder: Path
) -> None:
    source = a_transit(folder, fake)
    source.make_next()

    key = source.load()[1]

    (file,) = folder.iterdir()
    assert file.name == "kek-1.transit"
    assert file.read_text().startswith("vault:v1:")
    assert key not in file.read_bytes()
    assert b64encode(key) not in file.read_bytes()
    assert [verb for verb, _ in fake.seen] == ["encrypt", "decrypt"]
    assert fake.seen[0][1] == {"plaintext": b64encode(key).decode()}


def test_a_new_key_puts_the_old_ones_under_the_newest_version_of_the_services_key(
    fake: FakeTransit, folder: Path
) -> None:
    source = a_transit(folder, fake)
    source.make_next()
    before = source.load()
    fake.rotate()

    source.make_next()
    fake.min_decryption_version = 2

    assert source.load()[1] == before[1]
    assert (folder / "kek-1.transit").read_text().startswith("vault:v2:")


def test_a_sealed_service_is_unavailable(fake: FakeTransit, folder: Path) -> None:
    source = a_transit(folder, fake)
    source.make_next()
    fake.sealed = True

    with pytest.raises(KekSourceUnavailableError, match="sealed or away: it answered 503"):
        source.load()
    with pytest.raises(KekSourceUnavailableError):
        source.make_next()
    assert source.numbers() == frozenset({1}), "a key that was not kept has no file"


def test_a_service_that_does_not_answer_in_time_is_unavailable(fake: FakeTransit, folder: Path) -> None:
    a_transit(folder, fake).make_next()
    place = TransitPlace(fake.url, "ledger", a_token_file(folder))
    hasty = TransitKeks(folder, place, open_client=lambda: a_client(0.05))
    fake.hangs.clear()

    with pytest.raises(KekSourceUnavailableError, match="ReadTimeout"):
        hasty.load()
    fake.hangs.set()


def test_nobody_at_the_address_is_unavailable(folder: Path) -> None:
    with fake_transit() as fake:
        source = TransitKeks(folder, TransitPlace(fake.url, "ledger", a_token_file(folder)))
        source.make_next()

    with pytest.raises(KekSourceUnavailableError, match="ConnectError"):
        source.load()


def test_a_token_that_is_not_good_is_refused_and_one_that_was_renewed_is_read_anew(
    fake: FakeTransit, folder: Path
) -> None:
    source = a_transit(folder, fake)
    source.make_next()
    fake.token = "s.renewed"

    with pytest.raises(KekSourceRefusedError, match="does not let us decrypt"):
        source.load()
    a_token_file(folder, "s.renewed")
    assert list(source.load()) == [1]


@pytest.mark.parametrize(("change", "error"), [("gone", KekSourceUnavailableError), ("open", KekSourceRefusedError)])
def test_a_token_that_cannot_be_read_or_that_others_can_is_no_token(
    fake: FakeTransit, folder: Path, change: str, error: type[Exception]
) -> None:
    source = a_transit(folder, fake)
    source.make_next()
    if change == "gone":
        a_token_file(folder).unlink()
    else:
        a_token_file(folder).chmod(0o644)

    with pytest.raises(error):
        source.load()


def test_a_transit_key_that_is_not_there_is_refused(fake: FakeTransit, folder: Path) -> None:
    source = a_transit(folder, fake)
    source.make_next()
    fake.keys.clear()

    with pytest.raises(KekSourceRefusedError, match=r"would not decrypt \(it answered 400\)"):
        source.load()


def test_a_version_that_is_not_allowed_any_more_is_refused(fake: FakeTransit, folder: Path) -> None:
    source = a_transit(folder, fake)
    source.make_next()
    fake.min_decryption_version = 2

    with pytest.raises(KekSourceRefusedError):
        source.load()


@pytest.mark.parametrize(
    "answer",
    [{}, {"data": None}, {"data": []}, {"data": {}}, {"data": {"plaintext": "!"}}, {"data": {"plaintext": ""}}],
)
def test_an_answer_of_another_form_is_refused(fake: FakeTransit, folder: Path, answer: dict[str, Any]) -> None:
    source = a_transit(folder, fake)
    source.make_next()
    fake.answers = answer

    with pytest.raises(KekSourceRefusedError):
        source.load()
    with pytest.raises(KekSourceRefusedError):
        source.make_next()


def test_no_error_repeats_what_was_sent_or_the_token(fake: FakeTransit, folder: Path) -> None:
    source = a_transit(folder, fake)
    source.make_next()
    (folder / "kek-1.transit").write_text("vault:v1:c2VjcmV0")

    with pytest.raises(KekSourceRefusedError) as refused:
        source.load()

    for said in ("c2VjcmV0", fake.token, fake.url):
        assert said not in str(refused.value)
    assert refused.value.__suppress_context__ or refused.value.__cause__ is None
