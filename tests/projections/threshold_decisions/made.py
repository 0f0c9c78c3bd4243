"""Decisions with what was assessed, made by hand."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from domain.incident.events import IncidentReported, ThresholdDecided
from domain.incident.words import Location, RecordType
from domain.kernel.harm import Harm
from domain.kernel.personal import Narrative
from domain.kernel.words import Code, DecisionId, KeyId, Label, OdsCode, Reference
from domain.policy.assessing.assessed import Assessed, KnownFact
from domain.policy.facts import FactName, FactValue
from domain.policy.questions import Outcome, Question
from tests.support.decisions import NOON, an_id
from tests.support.read_models.projections import envelope, first_envelope

CASE: Final = an_id(0xC1)
MODERATE: Final = Harm(Code("3"), Code("lfpse-5"))


def words(about: UUID, said: str) -> Narrative:
    return Narrative(about, said, KeyId(UUID(int=7)))


def known(name: FactName, value: FactValue, patient: int | None = None) -> KnownFact:
    return KnownFact(name, patient, value)


def assessed(
    *facts: KnownFact, outcome: Outcome = Outcome.NOT_MET, patients: tuple[int, ...] | None = (1,), **changes: Any
) -> Assessed:
    values: dict[str, Any] = {
        "outcome": outcome,
        "criteria": (),
        "missing": (),
        "editions": (Code("psirf-2022@1"),),
        "day": NOON.date(),
        "regime": Code("psirf-2022"),
        "record_type": Code("incident"),
        "provider_type": Code("health_service_body"),
        "patients": patients,
        "facts": facts,
    }
    return Assessed(**values | changes)


def reported(case: UUID = CASE, *, provider: str = "ZZ1", site: str | None = "North site") -> IncidentReported:
    return IncidentReported(
        **first_envelope(case),
        provider=OdsCode(provider),
        provider_type=Code("health_service_body"),
        reporting_organisation=OdsCode(provider),
        record_type=RecordType.INCIDENT,
        source_system=Code("example-lrms"),
        local_reference=Reference(f"R-{case.int}"),
        discovered_at=NOON,
        occurred=None,
        what_happened=words(case, "What happened"),
        location=None if site is None else Location(Label(site), Label("Surgery"), Label("urology"), None),
        patients=None,
        extensions=None,
        regime=Code("psirf-2022"),
        editions=(Code("psirf-2022@1"),),
    )


def decided(
    number: int,
    outcome: Outcome = Outcome.NOT_MET,
    said: Assessed | None = None,
    *,
    case: UUID = CASE,
    at: datetime = NOON,
    question: Question = Question.SERIOUS_INCIDENT,
    by: str = "ZZ1",
    departure: str | None = None,
    criteria: Iterable[str] = (),
) -> ThresholdDecided:
    return ThresholdDecided(
        **envelope(case, at=at),
        decision=DecisionId(an_id(number)),
        question=question,
        outcome=outcome,
        criteria=tuple(Code(criterion) for criterion in criteria),
        reasons=words(case, "Because"),
        rests_on=(),
        edition=Code("psirf-2022@1"),
        identified_at=NOON,
        decider=None,
        organisation=OdsCode(by),
        assessed=said,
        departure=None if departure is None else words(case, departure),
    )
