"""Histories of whole cases for read models: every event of the catalogue, in any order that streams allow, sealed."""

from collections.abc import Iterable
from dataclasses import fields, is_dataclass, replace
from datetime import timedelta
from typing import Any, Final
from uuid import UUID, uuid5

from hypothesis import strategies as st

from domain.catalogue.names import ALL
from domain.catalogue.stored import Stored
from domain.incident.events import IncidentReported
from domain.kernel.envelope import FirstFact
from domain.kernel.personal import Narrative, Personal, Sealed
from domain.kernel.streams import LEDGER_STREAM, organisation_stream
from domain.kernel.words import OdsCode
from service.store.codec import rewrite_secrets, stored_name
from service.store.codec.sealed_values import with_words
from tests.support.decisions import NOON, an_id
from tests.support.read_models.projections import Story
from tests.support.sample_events import kind_of, sample

Step = tuple[Stored, bool, int, int, int]
"""An event, full or bare, of which case, which of its streams and duties, and how many minutes after noon."""

_BESIDE_CASES: Final = {"ledger": LEDGER_STREAM, "organisation": organisation_stream(OdsCode("ZZ1"))}
"""The one stream of each kind that belongs to no case: samples speak of one organisation."""

_FIRST: Final = {kind_of(stored.event): stored.event for stored in ALL if issubclass(stored.event, FirstFact)}
_FACTS: Final[dict[tuple[type[Any], bool, int], Any]] = {}
OTHERS: Final = [stored for stored in ALL if not issubclass(stored.event, FirstFact)]

steps_of_cases = st.lists(
    st.tuples(st.sampled_from(OTHERS), st.booleans(), st.integers(1, 2), st.integers(1, 2), st.integers(0, 10_000)),
    min_size=1,
    max_size=30,
)


def history(steps: Iterable[Step]) -> Story:
    """The story of these steps; a case begins with its report, a stream with its first event."""
    told = Story()
    for stored, full, case, number, minutes in steps:
        kind = kind_of(stored.event)
        stream = _stream(kind, case, number)
        if kind not in _BESIDE_CASES and an_id(case) not in told.versions:
            _tell(told, IncidentReported, an_id(case), (full, case, number, minutes))
        if stream not in told.versions:
            _tell(told, _FIRST[kind], stream, (full, case, number, minutes))
        _tell(told, stored.event, stream, (full, case, number, minutes))
    return told


def _tell(told: Story, event: type[Any], stream: UUID, step: tuple[bool, int, int, int]) -> None:
    full, case, number, minutes = step
    kind = kind_of(event)
    # What begins is whole: an action, for one, answers at least one incident.
    fact = _fact(event, full or issubclass(event, FirstFact), case * 16 + number)
    told.tell(
        replace(fact, originator_id=stream, timestamp=NOON + timedelta(minutes=minutes)),
        kind=kind,
        cases=() if kind in _BESIDE_CASES else (an_id(case),),
        organisation=f"ZZ{case}",
        type_=stored_name(fact),
    )


def _stream(kind: str, case: int, number: int) -> UUID:
    if kind in _BESIDE_CASES:
        return _BESIDE_CASES[kind]
    return an_id(case) if kind == "incident" else uuid5(an_id(case), f"{kind} {number}")


def _fact(event: type[Any], full: bool, salt: int) -> Any:
    made = (event, full, salt)
    if made not in _FACTS:
        _FACTS[made] = _salted(rewrite_secrets(sample(event, full=full), _seal), salt)
    return _FACTS[made]


def _seal(value: Personal | Narrative, path: str) -> Personal | Narrative:
    return with_words(value, Sealed(an_id(1), path, "box"))


def _salted(value: Any, salt: int) -> Any:
    """The same value with other ids, so that two cases never speak of one duty, person or finding."""
    if isinstance(value, UUID):
        return UUID(int=value.int ^ salt)
    if isinstance(value, tuple):
        return tuple(_salted(each, salt) for each in value)
    if is_dataclass(value) and not isinstance(value, type):
        return type(value)(**{field.name: _salted(getattr(value, field.name), salt) for field in fields(value)})
    return value
