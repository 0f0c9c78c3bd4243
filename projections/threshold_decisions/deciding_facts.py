"""What a decision was made from, said so that two decisions can be compared: the same facts, the same fingerprint.

Patients are numbered by whoever reports, so a number means nothing from one incident to the next. What counts is what
is known of each patient, and how many patients the same is known of.
"""

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from domain.kernel.harm import Harm, HarmUnknownError, level_of
from domain.policy.assessing.assessed import Assessed, KnownFact
from domain.policy.facts import FACT_TYPES
from domain.policy.questions import Question


def facts_of(assessed: Assessed) -> tuple[str, ...]:
    """The known facts in words of one list (`patient1.died=true`), patients numbered by what is known of them."""
    said = [f"{name}={_written(value)}" for name, value in _about(assessed.facts, None)]
    for number, facts in enumerate(_of_patients(assessed), start=1):
        said += [f"patient{number}.{name}={_written(value)}" for name, value in facts]
    return tuple(said)


def fingerprint(question: Question, assessed: Assessed) -> str:
    """SHA-256 over the canonical JSON (RFC 8785) of the question, what it was asked about, and the known facts."""
    compared = {
        "facts": _about(assessed.facts, None),
        "patients": None if assessed.patients is None else _of_patients(assessed),
        "provider_type": assessed.provider_type,
        "question": question.value,
        "record_type": assessed.record_type,
        "regime": assessed.regime,
    }
    canonical = json.dumps(compared, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _of_patients(assessed: Assessed) -> list[list[list[Any]]]:
    """What is known of each patient, in an order that does not know their numbers."""
    numbers = {fact.patient for fact in assessed.facts if fact.patient is not None} | {*(assessed.patients or ())}
    return sorted((_about(assessed.facts, number) for number in numbers), key=json.dumps)


def _about(facts: Iterable[KnownFact], patient: int | None) -> list[list[Any]]:
    known = {fact.name: fact for fact in facts if fact.patient == patient}
    return [[name.value, _value(known[name])] for name in sorted(known)]


def _value(fact: KnownFact) -> bool | str:
    """A value as rules see it: a harm by its level, whichever list its code came from."""
    if not isinstance(fact.value, Harm):
        return fact.value
    scale = FACT_TYPES[fact.name].harm
    try:
        if scale is not None:
            return level_of(fact.value, scale).name.lower()
    except HarmUnknownError:
        pass
    return f"{fact.value.taxonomy}:{fact.value.code}"


def _written(value: bool | str) -> str:
    return str(value).lower() if isinstance(value, bool) else value
