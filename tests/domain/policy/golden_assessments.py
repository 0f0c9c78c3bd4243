"""Golden assessments: `python -m tests.domain.policy.golden_assessments` adds those that are missing, and changes none.

Each line of a file is an assessment as a decision of its question stores it, with the criteria that made it what it is: those
that were met or left open, and where none was, those that a fact spoke against. A release of any later year must make every
one of them again, to the letter.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from domain.incident.known import assess_again, known_then
from domain.policy.assessing.assessed import Assessed, KnownFact
from domain.policy.assessing.assessment import CriterionAssessed, assess_question
from domain.policy.assessing.knowing import Known
from domain.policy.facts import FactKey
from domain.policy.library import Policy
from domain.policy.questions import Outcome, Question
from service.policy import read_policy
from service.store.codec.stored_form import adapter_of
from tests.domain.policy.vignettes import Played, Vignette, play, vignettes

FOLDER: Final = Path(__file__).parents[2] / "vectors" / "assessments"


@dataclass(frozen=True)
class Golden:
    """One golden assessment: whose story it is, what was asked, and what is kept of it."""

    name: str
    question: Question
    assessed: Assessed
    explained: list[Any]


def golden() -> Iterator[Golden]:
    """Every golden assessment of every question."""
    for file in sorted(FOLDER.glob("*.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            kept = json.loads(line)
            assessed = adapter_of(Assessed).validate_json(json.dumps(kept["assessed"]))
            yield Golden(kept["name"], Question(file.stem), assessed, kept["explained"])


def explained(assessed: Assessed, question: Question, policy: Policy) -> list[Any]:
    """What is kept of each criterion that was met or left open; where none was, of each that a fact spoke against."""
    answer = assess_question(policy, assessed.editions, known_then(assessed), question)
    assert answer is not None
    telling = [each for each in answer.criteria if each.outcome is not Outcome.NOT_MET]
    return [_criterion(each) for each in telling or answer.criteria if telling or each.decided_by]


def assess(known: Known, references: Any, question: Question, policy: Policy) -> Assessed | None:
    """An assessment from any facts, as a decision would keep it."""
    start = Assessed(
        outcome=Outcome.UNCLEAR,
        criteria=(),
        missing=(),
        editions=tuple(references),
        day=known.day,
        regime=known.regime,
        record_type=known.record_type,
        provider_type=known.provider_type,
        patients=None if known.patients is None else tuple(sorted(known.patients)),
        facts=tuple(KnownFact(name, patient, value) for (name, patient), value in known.facts.items()),
    )
    return assess_again(start, question, policy)


def _criterion(each: CriterionAssessed) -> dict[str, Any]:
    facts = {"decided_by": each.decided_by, "missing": each.missing, "presumed": each.presumed}
    told = {name: [_key(key) for key in keys] for name, keys in facts.items() if keys}
    return {"id": each.criterion.id, "outcome": each.outcome.value, "patient": each.patient, **told}


def _key(key: FactKey) -> str:
    name, patient = key
    return name.value if patient is None else f"{name}:{patient}"


def _told(vignette: Vignette, played: Played, policy: Policy) -> Iterator[Golden]:
    for name in vignette.expected.get("outcomes", {}):
        assessed = assess(played.known, played.references, Question(name), policy)
        if assessed is not None:
            yield Golden(vignette.name, Question(name), assessed, explained(assessed, Question(name), policy))


def write_missing() -> list[str]:
    """Add the assessments that vignettes look at and no file holds yet; what was added."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    policy, held = read_policy(), {(each.name, each.question) for each in golden()}
    told = (new for vignette in vignettes() for new in _told(vignette, play(vignette, policy), policy))
    added = [new for new in told if (new.name, new.question) not in held]
    for new in added:
        stored = json.loads(adapter_of(Assessed).dump_json(new.assessed))
        kept = {"name": new.name, "assessed": stored, "explained": new.explained}
        with (FOLDER / f"{new.question}.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(kept, ensure_ascii=False) + "\n")
    return [f"{new.question}: {new.name}" for new in added]


if __name__ == "__main__":
    print("\n".join(write_missing()))
