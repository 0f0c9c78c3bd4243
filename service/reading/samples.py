"""One random sample with the population that it was drawn from."""

from dataclasses import dataclass, fields
from typing import Final
from uuid import UUID

from domain.audit_sample.drawing import Criteria
from domain.kernel.words import OdsCode
from domain.policy.questions import Outcome, Question
from projections.audit_samples.rows import SampleRow
from projections.engine.reading import Found
from service.reading.forms import Form
from service.reading.listings import incidents_drawn


@dataclass(frozen=True, slots=True)
class SampleRecord(SampleRow):
    """A sample; `population` holds the ids of the decisions that it was drawn from, in order.

    It is null where it was not asked for, where nothing is drawn yet, and where part of it is not the reader's to see.
    """

    population: tuple[UUID, ...] | None


SAMPLE: Final = Form(SampleRecord, incidents_drawn, owner="organisation")


def without_population(found: Found[SampleRow]) -> Found[SampleRecord]:
    """A sample as a record, its population not looked up."""
    values = {each.name: getattr(found.row, each.name) for each in fields(SampleRow)}
    return Found(found.key, SampleRecord(**values, population=None), found.changed_position)


def criteria_of(sample: SampleRow) -> Criteria:
    """Which decisions its population is made of."""
    providers = tuple(OdsCode(provider) for provider in sample.providers)
    return Criteria(providers, Question(sample.question), Outcome(sample.outcome))
