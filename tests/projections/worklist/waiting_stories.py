"""Histories in which much waits for somebody: questions, duties, learning responses and actions of four cases."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final
from uuid import UUID, uuid5

from hypothesis import strategies as st

from domain.action import events as action
from domain.incident import duty_events as duty
from domain.incident import events as incident
from domain.incident.words import Assignment, RecordType
from domain.kernel.personal import Narrative, Personal, Sealed
from domain.kernel.words import ActorId, DutyId, OdsCode, PersonId
from domain.learning_response import events as response
from domain.policy.assessing.assessed import Assessed
from domain.policy.facts import FactName
from domain.policy.questions import Outcome, Question
from service.store.codec import rewrite_secrets
from service.store.codec.sealed_values import with_words
from tests.support.decisions import NOON, an_id
from tests.support.read_models.projections import Story
from tests.support.sample_events import kind_of, sample

Step = tuple[int, int, int, int, int]
"""Which kind of fact, of which case, two numbers that vary it, and how many hours after noon."""

CASES: Final[dict[int, dict[str, Any]]] = {
    1: {"organisation": "ZZ1", "regime": "psirf-2022", "patients": None},
    2: {"organisation": "ZZ2", "regime": "sif-2015", "patients": None},
    3: {"organisation": "ZZ1", "regime": "sif-2015", "patients": ()},
    4: {"organisation": "ZZ2", "regime": "psirf-2022", "patients": None, "record_type": RecordType.RISK},
}
MARY: Final = PersonId(an_id(201))
OWED_BY: Final = ("provider", "commissioner", "provider", "independent_investigator", "provider", "local_authority")


def fact(event: type[Any], *, stream: UUID, hours: int = 0, **changes: Any) -> Any:
    """A sample of an event with these values, sealed as the ledger tells it."""
    made = rewrite_secrets(sample(event), _seal)
    return replace(made, originator_id=stream, timestamp=NOON + timedelta(hours=hours), **changes)


def _seal(value: Personal | Narrative, path: str) -> Personal | Narrative:
    return with_words(value, Sealed(an_id(1), path, "box"))


def _question(number: int) -> Question:
    return list(Question)[number % 5]


def _assessed(number: int) -> Assessed:
    sample: Assessed = fact(incident.ThresholdAssessed, stream=an_id(1)).assessed
    return replace(sample, outcome=list(Outcome)[number % 3])


def _someone(number: int) -> ActorId:
    return ActorId(an_id(number % 3 + 1))


def _terms(case: int, one: int, two: int) -> Any:
    due_at = None if two == 0 else NOON + timedelta(days=two - 2, hours=one)
    return replace(
        fact(duty.DutyOpened, stream=an_id(case)).terms,
        started_at=NOON - timedelta(days=one),
        due_at=due_at,
        actor=OWED_BY[two % 6],
        recipients=("relevant_person",) if one == 1 else ("commissioner",),
        person=MARY if one == 2 else None,
        response=_stream("learning_response", case, two) if one == 3 else None,
        set_aside_by=(),
        revived_by=(),
    )


def _opened(case: int, one: int, two: int) -> dict[str, Any]:
    return {"duty": _duty(case, one), "terms": _terms(case, one, two)}


def _of_duty(case: int, one: int, _two: int) -> dict[str, Any]:
    return {"duty": _duty(case, one)}


def _duty(case: int, number: int) -> DutyId:
    return DutyId(uuid5(an_id(case), f"duty {number}"))


Changes = Callable[[int, int, int], dict[str, Any]]


def _same(_case: int, _one: int, _two: int) -> dict[str, Any]:
    return {}


_KINDS: Final[tuple[tuple[type[Any], Changes], ...]] = (
    (incident.ThresholdDecided, lambda _, one, two: {"question": _question(one), "outcome": list(Outcome)[two % 3]}),
    (incident.ThresholdAssessed, lambda _, one, two: {"question": _question(one), "assessed": _assessed(two)}),
    (incident.RedecisionPrompted, lambda _, one, two: {"question": _question(one), "facts": (list(FactName)[two],)}),
    (incident.IncidentClosed, _same),
    (incident.IncidentReopened, _same),
    (incident.IncidentEnteredInError, _same),
    (incident.IncidentAssigned, lambda _, one, __: {"assignment": list(Assignment)[one % 3]}),
    (incident.IncidentNotified, _same),
    (duty.DutyOpened, _opened),
    (duty.DutyOpened, _opened),
    (duty.DutyOpened, _opened),
    (duty.DutySetAside, _of_duty),
    (duty.DutyPaused, _of_duty),
    (response.LeadAppointed, _same),
    (response.FindingMade, _same),
    (response.DraftPutForward, _same),
    (response.DraftReturned, _same),
    (response.ResponseApproved, _same),
    (response.ResponseSubmitted, lambda _, __, two: {"to": OdsCode("ZZQ" if two % 2 else "ZZP")}),
    (response.ResponseReceived, _same),
    (action.ActionAccepted, lambda _, __, two: {"accepted_by": _someone(two)}),
    (action.ActionAccepted, lambda _, __, two: {"accepted_by": _someone(two)}),
    (action.ActionHandedOver, _same),
    (action.ActionCompleted, lambda _, __, two: {"completed_by": _someone(two)}),
    (action.ActionRejected, _same),
    (action.ActionVerified, _same),
    (action.ActionWithdrawn, _same),
    (action.ActionExtended, lambda _, one, two: {"due_on": (NOON + timedelta(days=one + two)).date()}),
)
_FIRST: Final = {"learning_response": response.ResponseCommissioned, "action": action.ActionAgreed}

waiting_steps = st.lists(
    st.tuples(
        st.integers(0, len(_KINDS) - 1), st.sampled_from(sorted(CASES)), st.integers(0, 4), st.integers(0, 8),
        st.integers(0, 120),
    ),
    min_size=1,
    max_size=40,
)  # fmt: skip


def waiting_story(steps: Iterable[Step]) -> Story:
    """The story of these steps: every case is reported, and a stream begins where it is first spoken of."""
    story = Story()
    for number in CASES:
        _tell(story, incident.IncidentReported, number, an_id(number), **_reported(number))
    for which, case, one, two, hours in steps:
        event, changes = _KINDS[which]
        kind = kind_of(event)
        stream = an_id(case) if kind == "incident" else _stream(kind, case, one)
        if stream not in story.versions:
            due = {"due_on": (NOON + timedelta(days=two - 2)).date()} if kind == "action" else {}
            _tell(story, _FIRST[kind], case, stream, incidents=(an_id(case),), **due)
        _tell(story, event, case, stream, hours=hours, **changes(case, one, two))
    return story


def _reported(number: int) -> dict[str, Any]:
    return {name: value for name, value in CASES[number].items() if name != "organisation"}


def _tell(story: Story, event: type[Any], case: int, stream: UUID, **changes: Any) -> None:
    told = fact(event, stream=stream, **changes)
    organisation = str(CASES[case]["organisation"])
    recorded_at = max(told.timestamp, NOON + timedelta(minutes=len(story.events)))
    story.tell(told, kind=kind_of(event), cases=(an_id(case),), organisation=organisation, recorded_at=recorded_at)


def _stream(kind: str, case: int, number: int) -> UUID:
    return uuid5(an_id(case), f"{kind} {number % 2}")
