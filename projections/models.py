"""Every read model that the engine keeps."""

from typing import Final

from projections.action_tracker.model import MODEL as ACTION_TRACKER
from projections.audit_samples.model import MODEL as AUDIT_SAMPLES
from projections.engine.model import AnyReadModel
from projections.erasures.model import MODEL as ERASURES
from projections.incident_register.model import MODEL as INCIDENT_REGISTER
from projections.incident_timeline.model import MODEL as INCIDENT_TIMELINE
from projections.organisation_register.model import MODEL as ORGANISATION_REGISTER
from projections.people.model import MODEL as PEOPLE
from projections.retention.model import MODEL as RETENTION
from projections.threshold_decisions.model import MODEL as THRESHOLD_DECISIONS
from projections.timeliness.model import MODEL as TIMELINESS
from projections.worklist.model import MODEL as WORKLIST

MODELS: Final[tuple[AnyReadModel, ...]] = (
    ORGANISATION_REGISTER,
    INCIDENT_REGISTER,
    INCIDENT_TIMELINE,
    TIMELINESS,
    ACTION_TRACKER,
    THRESHOLD_DECISIONS,
    AUDIT_SAMPLES,
    PEOPLE,
    ERASURES,
    RETENTION,
    WORKLIST,
)
