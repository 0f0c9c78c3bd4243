"""A random sample of "not met": committed to before anybody can know it, drawn when it can no longer be chosen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from secrets import token_hex
from typing import Any, Final

from service.demo.cast import AUDITOR
from service.demo.stage import Stage
from service.demo.wording import moment, plain

COMMITTED_ON: Final = 91
DRAWN_ON: Final = 95

_QUESTION: Final = "plan_priority"


@dataclass(frozen=True, slots=True)
class Sample:
    """A sample that was committed to: where it is, and the seed that only its auditor knows."""

    path: str
    seed: str


class AnotherSampleError(Exception):
    """What the auditor drew with the published seed is not what the ledger says that was drawn."""


async def commit_to_sample(stage: Stage) -> Sample:
    """The seed's hash goes to the ledger, and nothing else of the seed."""
    await stage.at(COMMITTED_ON, "12:00")
    seed, until = token_hex(32), stage.instant(DRAWN_ON, "12:00")
    seed_hash = _hash(seed)
    committed = await stage.gives(
        AUDITOR,
        "/v1/audit/samples",
        question=_QUESTION,
        outcome="not_met",
        size=1,
        population_until=until,
        seed_hash=seed_hash,
    )
    lines = [
        f'One decision that {plain(_QUESTION)} is "not met", of all those of ZZ1 that stand at {moment(until)}.',
        f"SHA-256 of the seed: {seed_hash}",
        "The seed stays with the auditor: nobody can know the sample, and nobody can choose it.",
    ]
    stage.tell(AUDITOR, "commits to a random sample", lines)
    return Sample(committed.links["self"], seed)


async def draw_sample(stage: Stage, sample: Sample) -> None:
    """The seed becomes public, the ledger draws, and the auditor draws again with no more than what was published.

    Raises:
        AnotherSampleError: that gave another sample.
    """
    await stage.at(DRAWN_ON, "16:00")
    drawn = await stage.gives(AUDITOR, f"{sample.path}/draw", seed=sample.seed)
    shown = await stage.client.ask(AUDITOR, sample.path, population="true", min_position=drawn.position)
    lots = {decision: _hash(shown["seed"] + shown["beacon"] + decision) for decision in shown["population"]}
    (lot, first), *_ = sorted((lot, decision) for decision, lot in lots.items())
    if shown["decision_ids"] != [first] or _hash(shown["seed"]) != shown["seed_hash"]:
        raise AnotherSampleError(sample.path)
    lines = [
        f"Seed: {shown['seed']}",
        f"Beacon, the id of event {shown['population_position'] + 1}, the first afterwards: {shown['beacon']}",
        f"{len(lots)} decisions stood; the smallest lot is drawn: {await _told(stage, first)}.",
        "Anybody draws it again (docs/samples.md): the lot of a decision is the SHA-256 of seed, beacon and its id.",
        f"$ printf '%s%s%s' {shown['seed']} {shown['beacon']} {first} | sha256sum",
        f"It gives {lot}.",
    ]
    stage.tell(AUDITOR, "publishes the seed, and the sample is drawn", lines)


async def _told(stage: Stage, decision: str) -> str:
    found: Sequence[Mapping[str, Any]] = await stage.client.ask_all(
        AUDITOR, "/v1/threshold-decisions", question=_QUESTION, current="true"
    )
    (row,) = [each for each in found if each["id"] == decision]
    case = await stage.client.ask(AUDITOR, f"/v1/incidents/{row['incident_id']}")
    return f"{case['local_reference']}, {plain(row['question'])} {plain(row['outcome'])}"


def _hash(text: str) -> str:
    return sha256(text.encode()).hexdigest()
