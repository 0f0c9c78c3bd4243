"""Key-encryption keys in files: made once, for nobody else to read, never replaced."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import UUID

import pytest

from service.secret_files import SecretFileError
from service.vault.key_files import keys_in, make_key_file
from service.vault.keyring import Keyring


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_first_start_makes_a_key_that_only_its_owner_may_read(tmp_path: Path) -> None:
    folder = tmp_path / "home" / "keys"

    keys = keys_in(folder)

    assert list(keys) == [1]
    assert len(keys[1]) == 32
    assert mode_of(folder) == 0o700
    assert mode_of(folder / "kek-1.key") == 0o600
    assert [path.name for path in folder.iterdir()] == ["kek-1.key"]


def test_the_next_start_finds_the_same_key(tmp_path: Path) -> None:
    row = Keyring.in_folder(tmp_path).new_key(*two_ids())

    assert Keyring.in_folder(tmp_path).cipher(row) is not None


def test_a_folder_that_was_there_keeps_its_mode(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)

    keys_in(tmp_path)

    assert mode_of(tmp_path) == 0o755


def test_a_key_that_stands_is_never_replaced(tmp_path: Path) -> None:
    before = keys_in(tmp_path)

    make_key_file(tmp_path, 1)

    assert keys_in(tmp_path) == before


def test_processes_that_start_together_agree_on_one_key(tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(keys_in, [folder] * 8))

    assert all(keys == found[0] for keys in found)


def test_a_second_key_is_taken_in_beside_the_first(tmp_path: Path) -> None:
    first = keys_in(tmp_path)
    make_key_file(tmp_path, 2)

    assert list(keys_in(tmp_path)) == [1, 2]
    assert keys_in(tmp_path)[1] == first[1]


@pytest.mark.parametrize("mode", [0o644, 0o620, 0o604, 0o666])
def test_a_key_that_others_may_read_or_change_is_refused(tmp_path: Path, mode: int) -> None:
    keys_in(tmp_path)
    (tmp_path / "kek-1.key").chmod(mode)

    with pytest.raises(SecretFileError, match=r"kek-1\.key is open to other users"):
        keys_in(tmp_path)


@pytest.mark.parametrize("content", [b"", b"not base64!", b"c2hvcnQ=\n"])
def test_a_file_that_holds_no_key_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "kek-1.key"
    path.write_bytes(content)
    path.chmod(0o600)

    with pytest.raises(SecretFileError, match=r"kek-1\.key does not hold"):
        keys_in(tmp_path)


def two_ids() -> tuple[UUID, UUID]:
    return UUID(int=1), UUID(int=2)
