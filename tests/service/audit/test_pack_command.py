"""What the commands that write packs take, and what they never do: write over a file, or leave half of one."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
import typer

from service.cli.pack import Format, PackImpossibleError, export, new_file, read_pin


def test_a_file_is_new_and_for_its_owner_alone(tmp_path: Path) -> None:
    with new_file(tmp_path / "pack") as file:
        file.write(b"whole")

    assert (tmp_path / "pack").stat().st_mode & 0o777 == 0o600
    with pytest.raises(PackImpossibleError, match="cannot be written"), new_file(tmp_path / "pack"):
        pass
    assert (tmp_path / "pack").read_bytes() == b"whole"


def test_what_breaks_off_leaves_no_file(tmp_path: Path) -> None:
    def breaks_off() -> None:
        with new_file(tmp_path / "pack") as file:
            file.write(b"half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        breaks_off()

    assert list(tmp_path.iterdir()) == []


def test_a_pin_is_a_position_or_an_instant() -> None:
    assert read_pin(None) is None
    assert read_pin("47") == 47
    assert read_pin("2026-03-02T12:00:00Z") == datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.mark.parametrize("text", ["yesterday", "2026-03-02T12:00:00", "-1", ""])
def test_another_pin_is_refused(text: str) -> None:
    with pytest.raises(typer.BadParameter):
        read_pin(text)


def test_bare_events_prove_nothing(tmp_path: Path) -> None:
    with pytest.raises(typer.BadParameter, match="prove nothing"):
        export(tmp_path / "events", since=3, form=Format.NDJSON)
