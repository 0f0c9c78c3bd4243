"""The body of a dry run: facts in, as a report and its facts would bring them."""

from collections.abc import Iterator
from datetime import datetime

from pydantic import Field

from domain.incident.commands.report_incident import PatientNumberInvalid
from domain.incident.facts import check_patient, check_value
from domain.incident.words import AddedFact, RecordType
from domain.kernel.words import Code
from domain.policy.assessing.knowing import Known
from domain.policy.clocks import local_day
from domain.policy.facts import FactKey, FactName, FactValue
from service.api.bodies import StrictModel
from service.api.commands.facts import StatedFact
from service.api.commands.report import OccurredField, PatientBody
from service.api.fields import CodeText, Instant, Ods


class AssessmentAsked(StrictModel):
    """What is known, or supposed, of an incident of a registered provider.

    `editions` (by name or reference) stand in place of those of their families, beside the others that would govern the
    incident. `identified_at` is when it was recognised (default: when it was discovered): the clocks of the answer run
    from there.
    """

    provider: Ods
    record_type: RecordType = Field(default=RecordType.INCIDENT, strict=False)
    discovered_at: Instant
    identified_at: Instant | None = None
    occurred_at: OccurredField | None = None
    patients: list[PatientBody] | None = Field(
        default=None, max_length=100, description="[]: nobody was involved; absent or null: not yet known."
    )
    facts: list[StatedFact] = Field(default_factory=list, max_length=500)
    editions: list[CodeText] | None = Field(default=None, min_length=1, max_length=50)

    def known(self, *, provider_type: Code, regime: Code) -> Known:
        """What an assessment starts from.

        Raises:
            PatientNumberInvalid: two patients of one number.
            FactPatientInvalid, FactValueInvalid: a fact that could not be recorded.
        """
        self._check_patients()
        occurred = self.occurred_at
        day = local_day(occurred.latest if occurred else self.discovered_at)
        patients = None if self.patients is None else frozenset(each.sequence for each in self.patients)
        facts: dict[FactKey, FactValue] = {}
        for pointer, fact in (*self._harms(), *self._stated()):
            check_patient(fact, pointer, patients)
            check_value(fact, pointer, provider_type=provider_type, occurred_on=day)
            if fact.value is not None:
                facts[fact.name, fact.patient] = fact.value
        return Known(day, regime, Code(self.record_type), provider_type, patients, facts)

    def identified(self) -> datetime:
        """When it was recognised."""
        return self.identified_at or self.discovered_at

    def _check_patients(self) -> None:
        seen: set[int] = set()
        for index, patient in enumerate(self.patients or ()):
            if patient.sequence in seen:
                raise PatientNumberInvalid(pointers=(f"/patients/{index}/sequence",))
            seen.add(patient.sequence)

    def _harms(self) -> Iterator[tuple[str, AddedFact]]:
        for index, body in enumerate(self.patients or ()):
            patient = body.patient()
            physical, psychological = patient.physical_harm, patient.psychological_harm
            for name, harm in ((FactName.PHYSICAL_HARM, physical), (FactName.PSYCHOLOGICAL_HARM, psychological)):
                yield f"/patients/{index}/{name}", AddedFact(name, patient.sequence, harm, None)

    def _stated(self) -> Iterator[tuple[str, AddedFact]]:
        return ((f"/facts/{index}", fact.stated()) for index, fact in enumerate(self.facts))
