"""Golden vignettes: short stories with the answers and duties that the field's rules give, read from TOML and played."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from domain.incident.facts import check_patient, check_value
from domain.incident.words import AddedFact
from domain.kernel.done import Done
from domain.kernel.harm import Harm
from domain.kernel.words import Code, PersonId, ResponseId
from domain.policy.assessing.assessment import Answer, assess
from domain.policy.assessing.knowing import Known
from domain.policy.assessing.supposing import Supposed, duties_supposed
from domain.policy.clocks import local_day
from domain.policy.duties import DutyTerms
from domain.policy.facts import FactKey, FactName, FactValue
from domain.policy.library import Policy
from domain.policy.questions import Outcome, Question
from domain.policy.starting import done_by

FOLDER: Final = Path(__file__).parents[2] / "vectors" / "vignettes"
_FIELDS: Final = {
    *("name", "story", "rests_on", "provider_type", "psirf_adopted_on", "record_type", "discovered_at"),
    *("identified_at", "reported_at", "occurred_on", "patients", "overlays", "facts", "done", "decided", "expect"),
}
_EXPECTED: Final = {"outcomes", "criteria", "responses", "missing", "duties", "not_owed", "counterfactuals"}


@dataclass(frozen=True)
class Vignette:
    """One story, as its file tells it; `edition` is the file's name."""

    edition: str
    told: Mapping[str, Any]

    @property
    def name(self) -> str:
        return str(self.told["name"])

    @property
    def expected(self) -> Mapping[str, Any]:
        expected: Mapping[str, Any] = self.told["expect"]
        return expected

    def instant(self, name: str, default: datetime | None = None) -> datetime:
        instant: datetime = self.told.get(name, default) if default else self.told[name]
        assert instant.tzinfo is not None, f"{self.name}: {name} has no offset"
        return instant


@dataclass(frozen=True)
class Played:
    """What the rules say of a story."""

    references: tuple[Code, ...]
    known: Known
    answers: Mapping[Question, Answer]
    duties: Sequence[DutyTerms]


@cache
def vignettes() -> tuple[Vignette, ...]:
    """Every vignette of every file."""
    found = [
        Vignette(file.stem, told)
        for file in sorted(FOLDER.glob("*.toml"))
        for told in tomllib.loads(file.read_text(encoding="utf-8"))["vignette"]
    ]
    for each in found:
        assert set(each.told) <= _FIELDS, (each.name, set(each.told) - _FIELDS)
        assert set(each.expected) <= _EXPECTED, (each.name, set(each.expected) - _EXPECTED)
    return tuple(found)


def play(vignette: Vignette, policy: Policy) -> Played:
    """Assess the story, decide as it says (else as assessed), and see which duties follow."""
    told = vignette.told
    discovered = vignette.instant("discovered_at")
    identified = vignette.instant("identified_at", discovered)
    references = policy.editions_for(
        identified_on=local_day(discovered),
        psirf_adopted_on=told.get("psirf_adopted_on"),
        overlays=[Code(name) for name in told.get("overlays", ())],
    )
    occurred_on: date = told.get("occurred_on", local_day(discovered))
    provider_type = Code(told.get("provider_type", "health_service_body"))
    patients = None if "patients" not in told else frozenset(told["patients"])
    facts = dict(_fact(each, patients, provider_type=provider_type, day=occurred_on) for each in told.get("facts", ()))
    known = Known(
        day=occurred_on,
        regime=policy.regime_of(references),
        record_type=Code(told.get("record_type", "incident")),
        provider_type=provider_type,
        patients=patients,
        facts=facts,
    )
    answers = assess(policy, references, known)
    duties = duties_supposed(
        policy,
        references,
        known,
        answers=_decided(told.get("decided", {}), answers, identified),
        dones=[
            Done(Code("incident.discovered"), discovered),
            Done(Code("incident.reported"), vignette.instant("reported_at", discovered)),
            *(done for each in told.get("facts", ()) for done in _facts_done(each, identified)),
            *(_done(each) for each in told.get("done", ())),
        ],
        persons=sorted({_person(each["person"]) for each in told.get("done", ()) if "person" in each}),
    )
    return Played(references, known, answers, duties)


def _fact(
    told: Mapping[str, Any], patients: frozenset[int] | None, *, provider_type: Code, day: date
) -> tuple[FactKey, FactValue]:
    """A fact that a person could have recorded: of its type, about a patient where it is about one."""
    value = _value(told["value"])
    fact = AddedFact(FactName(told["name"]), told.get("patient"), value, None)
    check_patient(fact, "", patients)
    check_value(fact, "", provider_type=provider_type, occurred_on=day)
    return (fact.name, fact.patient), value


def _facts_done(told: Mapping[str, Any], identified: datetime) -> tuple[Done, ...]:
    return done_by(FactName(told["name"]), _value(told["value"]), told.get("at", identified))


def _value(written: Any) -> FactValue:
    return Harm(Code(written["code"]), Code(written["taxonomy"])) if isinstance(written, dict) else written


def _done(told: Mapping[str, Any]) -> Done:
    person = _person(told["person"]) if "person" in told else None
    response = ResponseId(UUID(int=1000 + told["response"])) if "response" in told else None
    return Done(Code(told["code"]), told["at"], person, response)


def _person(number: int) -> PersonId:
    return PersonId(UUID(int=number))


def _decided(
    told: Mapping[str, str], answers: Mapping[Question, Answer], identified: datetime
) -> dict[Question, Supposed]:
    decided = {question: Supposed(answer.outcome, answer.met, identified) for question, answer in answers.items()}
    return decided | {Question(name): Supposed(Outcome(outcome), (), identified) for name, outcome in told.items()}
