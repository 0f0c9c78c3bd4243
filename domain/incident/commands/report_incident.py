"""Report an incident (or a risk, an outcome, good care): the case begins, and the first duties with it."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from domain.incident.duties import bring_up_to_date
from domain.incident.events import IncidentReported
from domain.incident.state import Incident
from domain.incident.words import Location, Occurred, RecordType
from domain.kernel.actor import Stamp
from domain.kernel.envelope import begin, first
from domain.kernel.harm import HarmKind, HarmLevel, HarmUnknownError, PatientHarm, level_of
from domain.kernel.personal import Narrative
from domain.kernel.refusal import Refusal
from domain.kernel.words import Code, IncidentId, OdsCode, Reference
from domain.policy.clocks import local_day
from domain.policy.library import Policy


@dataclass(frozen=True, kw_only=True, slots=True)
class ReportIncident:
    """What a reporter knows; `patients` None: not yet known, empty: nobody was involved."""

    incident: IncidentId
    provider: OdsCode
    record_type: RecordType
    source_system: Code
    local_reference: Reference
    discovered_at: datetime
    occurred: Occurred | None
    what_happened: Narrative
    location: Location | None
    patients: tuple[PatientHarm, ...] | None
    extensions: Narrative | None


@dataclass(frozen=True, slots=True)
class ProviderAtReport:
    """The provider as it is registered; `overlays` are those that it follows on the day of discovery."""

    ods: OdsCode
    provider_type: Code
    psirf_adopted_on: date | None
    overlays: tuple[Code, ...] = ()


class DiscoveredInFuture(Refusal):
    """An incident cannot be discovered in the future."""

    code: ClassVar[str] = "incident.discovered-in-future"


class ReportedBeforeDiscovered(Refusal):
    """A report cannot take effect before the incident was discovered."""

    code: ClassVar[str] = "incident.reported-before-discovered"


class OccurredAfterDiscovered(Refusal):
    """An incident occurs before it is discovered."""

    code: ClassVar[str] = "incident.occurred-after-discovered"


class OccurrenceBackwards(Refusal):
    """The time in which it occurred ends before it begins."""

    code: ClassVar[str] = "incident.occurrence-backwards"


class PatientNumberInvalid(Refusal):
    """Each patient of an incident has a number of their own, counted from 1."""

    code: ClassVar[str] = "incident.patient-number-invalid"


class HarmUnknown(Refusal):
    """The harm code is not in the list that it claims to come from."""

    code: ClassVar[str] = "incident.harm-unknown"


class HarmContradictory(Refusal):
    """Psychological harm is not graded for a patient whose physical harm is fatal."""

    code: ClassVar[str] = "incident.harm-contradictory"


def report_incident(command: ReportIncident, stamp: Stamp, *, provider: ProviderAtReport, policy: Policy) -> Incident:
    """Begin the case under the editions in force for this provider on the day of discovery, which it keeps for good.

    Raises:
        DiscoveredInFuture, ReportedBeforeDiscovered, OccurredAfterDiscovered, OccurrenceBackwards: impossible times.
        PatientNumberInvalid: a number below 1, or the same number twice.
        HarmUnknown, HarmContradictory: harm codes that no list has, or that cannot stand together.
    """
    _check_times(command, stamp)
    _check_patients(command.patients or ())
    editions = policy.editions_for(
        identified_on=local_day(command.discovered_at),
        psirf_adopted_on=provider.psirf_adopted_on,
        overlays=provider.overlays,
    )
    reported = IncidentReported(
        **first(Incident, command.incident, stamp),
        provider=provider.ods,
        provider_type=provider.provider_type,
        reporting_organisation=stamp.by.organisation,
        record_type=command.record_type,
        source_system=command.source_system,
        local_reference=command.local_reference,
        discovered_at=command.discovered_at,
        occurred=command.occurred,
        what_happened=command.what_happened,
        location=command.location,
        patients=command.patients,
        extensions=command.extensions,
        regime=policy.regime_of(editions),
        editions=editions,
    )
    incident = begin(Incident, reported)
    bring_up_to_date(incident, stamp, policy)
    return incident


def _check_times(command: ReportIncident, stamp: Stamp) -> None:
    if command.discovered_at > stamp.now:
        raise DiscoveredInFuture(pointers=("/discovered_at",))
    if stamp.at < command.discovered_at:
        raise ReportedBeforeDiscovered(pointers=("/effective_at",))
    occurred = command.occurred
    if occurred is None:
        return
    if occurred.latest < occurred.earliest:
        raise OccurrenceBackwards(pointers=("/occurred_at",))
    # The latest instant may lie after discovery: a day that is not over, an outage that went on.
    if occurred.earliest > command.discovered_at:
        raise OccurredAfterDiscovered(pointers=("/occurred_at",))


def _check_patients(patients: tuple[PatientHarm, ...]) -> None:
    counted = Counter(patient.sequence for patient in patients)
    for index, patient in enumerate(patients):
        if patient.sequence < 1 or counted[patient.sequence] > 1:
            raise PatientNumberInvalid(pointers=(f"/patients/{index}/sequence",))
        _check_harm(index, patient)


def _check_harm(index: int, patient: PatientHarm) -> None:
    levels: dict[HarmKind, HarmLevel] = {}
    for kind in HarmKind:
        harm = patient.physical_harm if kind is HarmKind.PHYSICAL else patient.psychological_harm
        try:
            if harm is not None:
                levels[kind] = level_of(harm, kind)
        except HarmUnknownError as error:
            raise HarmUnknown(str(error), pointers=(f"/patients/{index}/{kind}_harm",)) from None
    is_fatal = levels.get(HarmKind.PHYSICAL) is HarmLevel.FATAL
    if is_fatal and levels.get(HarmKind.PSYCHOLOGICAL, HarmLevel.NONE) is not HarmLevel.NONE:
        raise HarmContradictory(pointers=(f"/patients/{index}/psychological_harm",))
