"""Secrets are made once, durably, and only for their owner."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from service.identity.key_files import KeyFolder
from service.secret_files import SecretFileError


def test_a_secret_is_made_once_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    folder = tmp_path / "home" / "keys"
    secret = KeyFolder(folder).secret("pseudonyms")
    assert len(secret) == 32
    assert KeyFolder(folder).secret("pseudonyms") == secret
    assert KeyFolder(folder).secret("cursors") != secret
    assert stat.S_IMODE((folder / "pseudonyms").stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert sorted(path.name for path in folder.iterdir()) == ["cursors", "pseudonyms"]


def test_the_mode_of_a_folder_that_stood_before_is_not_touched(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    KeyFolder(tmp_path).secret("pseudonyms")
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o755


def test_those_who_start_together_get_the_same_secret(tmp_path: Path) -> None:
    with ThreadPoolExecutor(16) as pool:
        secrets = list(pool.map(lambda _: KeyFolder(tmp_path / "keys").secret("cursors"), range(64)))
    assert len(set(secrets)) == 1


def test_a_key_that_others_may_read_is_refused(tmp_path: Path) -> None:
    KeyFolder(tmp_path).secret("cursors")
    (tmp_path / "cursors").chmod(0o640)
    with pytest.raises(SecretFileError, match="0600"):
        KeyFolder(tmp_path).secret("cursors")


def test_a_damaged_secret_is_refused_and_kept(tmp_path: Path) -> None:
    KeyFolder(tmp_path).secret("cursors")
    (tmp_path / "cursors").write_bytes(b"short")
    with pytest.raises(SecretFileError, match="backup"):
        KeyFolder(tmp_path).secret("cursors")
    assert (tmp_path / "cursors").read_bytes() == b"short"


@pytest.mark.parametrize("name", ["", "../x", "a/b", ".hidden", "A"])
def test_a_name_stays_inside_the_folder(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        KeyFolder(tmp_path).secret(name)
