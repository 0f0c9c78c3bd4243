"""Attacks drawn at random, always the same ones: hundreds on packs of a whole log, tens on the live ledger."""

import json
import random
from pathlib import Path
from typing import Any

import rfc8785

from service.proof.offline.command import report_on
from tests.attacks.test_every_column import CHANGES
from tests.support.proof.attacked import SECOND, Attacked
from tests.support.proof.reflected import columns_of, unconstrained
from tests.support.proof.small_logs import SmallLog, a_small_log
from tests.support.proof.small_packs import Pack, pack_of_log


def _leaves_of(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The places of everything that is no list and no object in a JSON value."""
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else None
    return [path] if parts is None else [leaf for name, inner in parts for leaf in _leaves_of(inner, (*path, name))]


def _bent(value: Any, draw: random.Random) -> Any:
    """Another value of the same form, so that only what it says has changed."""
    if isinstance(value, str) and value:
        place = draw.randrange(len(value))
        letter = "a" if value[place] not in "ab" else "b" if value[place] == "a" else "c"
        return (
            value[:place]
            + (letter if not value[place].isdigit() else str((int(value[place]) + 1) % 10))
            + value[place + 1 :]
        )
    if isinstance(value, int):
        return value + draw.choice([-1, 1, 7])
    return "x" if value is None or value == "" else value


def _edit(pack: Pack, draw: random.Random) -> None:
    lines = pack.lines()
    number = draw.randrange(len(lines))
    line = json.loads(lines[number])
    path = draw.choice(_leaves_of(line))
    holder = line
    for name in path[:-1]:
        holder = holder[name]
    holder[path[-1]] = _bent(holder[path[-1]], draw)
    pack.put_lines([*lines[:number], rfc8785.dumps(line), *lines[number + 1 :]])


def _move(pack: Pack, draw: random.Random) -> None:
    lines = pack.lines()
    one, other = draw.sample(range(len(lines)), 2)
    match draw.randrange(4):
        case 0:
            lines[one], lines[other] = lines[other], lines[one]
        case 1:
            del lines[one]
        case 2:
            lines.insert(one, lines[other])
        case _:
            first, second = json.loads(lines[one]), json.loads(lines[other])
            while first["payload"] == second["payload"]:
                second["payload"] += " "
            first["payload"], second["payload"] = second["payload"], first["payload"]
            lines[one], lines[other] = rfc8785.dumps(first), rfc8785.dumps(second)
    pack.put_lines(lines)


def _rewrite(pack: Pack, draw: random.Random) -> None:
    """Whoever writes the log changes one event, and makes everything fit again but what was signed."""
    log = SmallLog(
        pack.log.origin, pack.log.key, [json.loads(each)["record"] for each in pack.lines()], pack.log.payloads
    )
    record = draw.choice(log.records)
    name = draw.choice(["build", "actor", "type", "id", "organisation", "effective_at", "kind", "payload_sha256"])
    record[name] = _bent(record[name], draw)
    anew = pack_of_log(log.chained())
    pack.files["events.ndjson"] = anew.files["events.ndjson"]


async def test_hundreds_of_changes_of_a_whole_log_are_all_found(tmp_path: Path) -> None:
    draw, path = random.Random(20_261_125), tmp_path / "log.zip"
    log = a_small_log(seed=3)
    honest = pack_of_log(log)
    missed = []
    for number in range(300):
        pack = Pack(log, dict(honest.files), dict(honest.said))
        attack = draw.choice([_edit, _edit, _move, _rewrite])
        attack(pack, draw)
        path.write_bytes(pack.seal().zipped())
        report = report_on(str(path), keys=[log.key.vkey], witnesses=[], checkpoint=None)
        if report.code != 1:
            missed.append((number, attack.__name__))

    assert missed == []


async def test_tens_of_changes_of_the_live_ledger_are_all_found(attacked: Attacked) -> None:
    draw = random.Random(20_261_125)
    columns = [each for each in await columns_of(attacked) if each[0] in {"ledger.events", "ledger.keys"}]
    missed = []
    for _ in range(25):
        table, name, kind = draw.choice(columns)
        place = "position" if table == "ledger.events" else "first_position"
        positions = (
            f"(select {place} from {table} where {place} <= {draw.randint(1, SECOND)} order by {place} desc limit 1)"
        )
        change = f"update {table} set {name} = {CHANGES[kind].format(c=name)} where {place} = {positions}"
        async with attacked.attack(*await unconstrained(attacked, table)) as connection:
            changed = await connection.execute(change)
            if changed == "UPDATE 1" and (await attacked.verified(connection)).code != 1:
                missed.append(change)

    assert missed == []
