"""The body of a report, as other NHS systems post it."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import orjson
from pydantic import Field, PlainValidator, WithJsonSchema, field_validator
from pydantic_core import PydanticCustomError

from domain.incident.commands.report_incident import ReportIncident
from domain.incident.words import Location, Occurred, Precision, RecordType
from domain.kernel.harm import Harm, PatientHarm
from domain.kernel.words import Code, IncidentId, Label, OdsCode, Reference
from service.api.bodies import StrictModel
from service.api.commands.body import CommandBody
from service.api.fields import CodeText, Instant, LongText, Ods, ShortText, day, instant
from service.api.refusing.invalid import field_refusal
from service.handling.pen import Pen

_LONDON = ZoneInfo("Europe/London")


def _occurred(value: object) -> Occurred:
    """An instant, a day, or `{"from", "to"}` of either; a day is that day in London."""
    match value:
        case str() as text:
            start, end = _edges(text)
            return Occurred(start, end, Precision.INSTANT if start == end else Precision.DAY)
        case {"from": str() as first, "to": str() as last, **more} if not more:
            return Occurred(_edges(first)[0], _edges(last)[1], Precision.SPAN)
        case _:
            raise field_refusal("not-a-time", 'This must be an instant, a day, {"from", "to"}, or null.')


def _edges(text: str) -> tuple[datetime, datetime]:
    if len(text) != len("2026-03-02"):
        at = instant(text)
        return at, at
    on: date = day(text)
    start = datetime.combine(on, time.min, _LONDON).astimezone(UTC)
    return start, datetime.combine(on + timedelta(days=1), time.min, _LONDON).astimezone(UTC) - timedelta(
        microseconds=1
    )


_TIME_SCHEMA: dict[str, Any] = {
    "anyOf": [
        {"type": "string", "format": "date-time"},
        {"type": "string", "format": "date"},
        {
            "type": "object",
            "required": ["from", "to"],
            "properties": {"from": {"type": "string"}, "to": {"type": "string"}},
            "additionalProperties": False,
        },
    ]
}
OccurredField = Annotated[Occurred, PlainValidator(_occurred), WithJsonSchema(_TIME_SCHEMA)]


class HarmBody(StrictModel):
    """A harm code with the list that it comes from."""

    code: CodeText
    taxonomy: CodeText

    def harm(self) -> Harm:
        """The code, stored as sent."""
        return Harm(Code(self.code), Code(self.taxonomy))


def harm_not_bare(value: Any) -> Any:
    """Refuse a bare code, naming what it could mean: LFPSE's two harm lists differ by one.

    Raises:
        PydanticCustomError: it is a bare code.
    """
    if isinstance(value, str | int) and not isinstance(value, bool):
        raise bare_harm()
    return value


def bare_harm() -> PydanticCustomError:
    """A code without its list can be read in two ways."""
    return field_refusal(
        "bare-code",
        'A harm is {"code", "taxonomy"}: by LFPSE, 3 is moderate physical harm, and low psychological harm.',
    )


class PatientBody(StrictModel):
    """One patient, by number, and the harm known so far (null: not yet known). Names come later, under people."""

    sequence: int = Field(ge=1, le=1000)
    physical_harm: HarmBody | None = None
    psychological_harm: HarmBody | None = None

    @field_validator("physical_harm", "psychological_harm", mode="before")
    @classmethod
    def _not_bare(cls, value: Any) -> Any:
        return harm_not_bare(value)

    def patient(self) -> PatientHarm:
        """The patient as the domain knows them."""
        physical, psychological = self.physical_harm, self.psychological_harm
        return PatientHarm(
            self.sequence, physical.harm() if physical else None, psychological.harm() if psychological else None
        )


class LocationBody(StrictModel):
    """Where it occurred, in the organisation's own names."""

    site: ShortText | None = None
    division: ShortText | None = None
    specialty: ShortText | None = None
    place: ShortText | None = None


class Report(CommandBody):
    """An incident, a risk, an outcome or good care, as the reporting system knows it."""

    provider: Ods
    record_type: RecordType = Field(default=RecordType.INCIDENT, strict=False)
    source_system: CodeText = "local"
    local_reference: ShortText
    discovered_at: Instant
    occurred_at: OccurredField | None = None
    what_happened: LongText
    location: LocationBody | None = None
    patients: list[PatientBody] | None = Field(
        default=None, max_length=500, description="[]: nobody was involved; absent or null: not yet known."
    )
    extensions: dict[str, Any] | None = Field(
        default=None, description="The sender's own fields: sealed, stored, never interpreted."
    )

    def command(self, pen: Pen) -> ReportIncident:
        """Report under a new id."""
        return ReportIncident(
            incident=IncidentId(pen.stream),
            provider=OdsCode(self.provider),
            record_type=self.record_type,
            source_system=Code(self.source_system),
            local_reference=Reference(self.local_reference),
            discovered_at=self.discovered_at,
            occurred=self.occurred_at,
            what_happened=pen.narrative(self.what_happened),
            location=self._location(pen),
            patients=None if self.patients is None else tuple(patient.patient() for patient in self.patients),
            extensions=None if self.extensions is None else pen.narrative(orjson.dumps(self.extensions).decode()),
        )

    def _location(self, pen: Pen) -> Location | None:
        where = self.location
        if where is None:
            return None
        return Location(
            site=_label(where.site),
            division=_label(where.division),
            specialty=_label(where.specialty),
            place=pen.maybe_narrative(where.place),
        )


def _label(text: str | None) -> Label | None:
    return None if text is None else Label(text)
