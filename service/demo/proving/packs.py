"""An evidence pack as an auditor gets it: fetched, checked with nothing but what is in it, and found out when changed."""

import asyncio
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final
from zipfile import ZIP_STORED, ZipFile

from service.demo.cast import AUDITOR
from service.demo.stage import Stage

PACK: Final = "evidence-pack.zip"
VERIFIER: Final = "verify_pack.py"
_CHANGED: Final = "evidence-pack-changed.zip"
_EVENTS: Final = "events.ndjson"


async def fetch_pack(stage: Stage, incident: str, folder: Path) -> Path:
    """Save the pack of a case, with the verifier that is inside it beside it."""
    content = await stage.client.download(AUDITOR, f"/v1/evidence-packs/{incident}", min_position=stage.position)
    return await asyncio.to_thread(_saved, content, folder)


def _saved(content: bytes, folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700, parents=True)
    path = folder / PACK
    path.write_bytes(content)
    with ZipFile(path) as pack:
        (folder / VERIFIER).write_bytes(pack.read(VERIFIER))
    return path


def changed_pack(path: Path) -> Path:
    """The pack once more, one character of one of its events another."""
    changed = path.with_name(_CHANGED)
    with ZipFile(path) as old, ZipFile(changed, "w", ZIP_STORED) as new:
        for member in old.infolist():
            content = old.read(member)
            new.writestr(member, _changed(content) if member.filename == _EVENTS else content)
    return changed


async def check_pack(path: Path, keys: Sequence[str]) -> tuple[int, list[str]]:
    """What the verifier says of a pack: its code, and its lines. It runs apart, with the standard library alone."""
    options = [option for key in keys for option in ("--key", key)]
    verifier = path.with_name(VERIFIER)
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-I", "-S", str(verifier), str(path), *options),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await process.communicate()
    return process.returncode or 0, output.decode().splitlines()


def _changed(events: bytes) -> bytes:
    """The middle event with the last digit of its moment changed."""
    lines = events.split(b"\n")
    middle = len(lines) // 2
    before, mark, after = lines[middle].partition(b'"effective_at":"20')
    lines[middle] = before + mark + (b"1" if after[:1] != b"1" else b"2") + after[1:]
    return b"\n".join(lines)
