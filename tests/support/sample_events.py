"""A complete sample of every event in the catalogue, made from its annotations: a new event has one at once.

`sample(DutyOpened)` has every field filled in, `sample(DutyOpened, full=False)` every optional one left out. Ids follow
from field names, so samples speak of the same person, the same duty, the same streams. Values that are sealed in the
ledger are open here, and each holds a word (`PLANTED`) that must never be found outside a box.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from typing import Any, Final
from uuid import UUID, uuid5

from domain.catalogue.names import ALL
from domain.incident.events import FactsAdded
from domain.incident.words import AddedFact, Judge
from domain.kernel.envelope import Fact, FirstFact
from domain.kernel.harm import Harm
from domain.kernel.personal import Narrative, Personal
from domain.kernel.words import Code, KeyId, Label, PersonId
from domain.learning_response.events import Factor
from domain.policy.facts import FactName
from service.store.codec import rewrite_secrets, stored_name
from service.store.codec.shape import Either, Many, Maybe, Part, Plain, Record, Secret, Shape, shape_of
from service.store.ledger import LedgerEvent
from service.store.sealing import Pen
from service.vault.keyring import Keyring, KeyRow

NOON: Final = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
MONDAY: Final = date(2026, 3, 2)
PLANTED: Final = "Planted"

_NAMESPACE: Final = UUID("0d6c7f0e-51f0-5b1e-8a55-6f3f0f6a2c11")
_SAME: Final = {
    "incidents": "incident",
    "findings": "finding",
    "areas": "area",
    "responses": "learning_response",
    "response": "learning_response",
    "owner": "person",
    "acts_for": "patient",
}
_WORDS: Final = {
    "nhs_number": "9434765919",
    "born_on": "1948-03-02",
    "contact": "planted.person@example.net",
    "extensions": '{"planted": "Planted in the extensions"}',
}
_PLAIN: Final[dict[str, Any]] = {
    "provider": "ZZ1",
    "reporting_organisation": "ZZ1",
    "ods": "ZZ1",
    "commissioner": "ZZQ",
    "organisation": "ZZ1",
    "submitted_to": "ZZQ",
    "to": "ZZQ",
    "by": "ZZQ",
    "agreed_by_organisation": "ZZQ",
    "approver_organisation": "ZZQ",
    "provider_type": "health_service_body",
    "regime": "psirf-2022",
    "editions": "psirf-2022@1",
    "edition": "psirf-2022@1",
    "source_system": "example-lrms",
    "local_reference": "W-2026-0301",
    "taxonomy": "lfpse-5",
    "code": "2",
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "recipient": "commissioner",
    "recipients": "commissioner",
    "channel": "telephone",
    "system": "lfpse",
    "status": "accepted",
    "purpose": "initial",
    "calendar": "england-2026",
    "rule": "PSIRF-01",
    "started_by": "incident.reported",
    "met_by": "incident.notified:commissioner",
    "set_aside_by": "candour.contact_declined",
    "revived_by": "candour.question_asked",
    "relationship": "spouse",
    "language": "en",
    "format": "easy_read",
    "latest": NOON + timedelta(hours=1),
}


def sample(event: type[Any], *, full: bool = True) -> Any:
    """One instance of an event class; with its optional fields and tuples filled, or empty."""
    shape = shape_of(event)
    values = {part.name: _value(part.shape, part.name, full=full) for part in shape.parts}
    fact = event(**_envelope(event), **values)
    if event is FactsAdded and full:
        return replace(fact, facts=_added_facts())
    return fact


def every_sample() -> list[Fact | FirstFact]:
    """A full and a bare sample of every event."""
    return [sample(stored.event, full=full) for stored in ALL for full in (True, False)]


def an_id(name: str) -> UUID:
    """The id that samples give to whatever has this name."""
    return uuid5(_NAMESPACE, _SAME.get(name, name))


def planted_words(fact: Fact | FirstFact) -> list[str]:
    """Every open word of a fact that has to be sealed."""
    found: list[str] = []

    def note(value: Personal | Narrative, _path: str) -> Personal | Narrative:
        found.append(str(value.words))
        return value

    rewrite_secrets(fact, note)
    return found


def sample_keys(keyring: Keyring) -> dict[UUID, KeyRow]:
    """The data keys that the samples are under, wrapped by this keyring."""
    keys = {an_id("personal key"): an_id("person")} | {an_id(f"{kind} key"): an_id(kind) for kind in _kinds()}
    return {key: keyring.new_key(key, about) for key, about in keys.items()}


def as_stored(fact: Fact | FirstFact, keyring: Keyring, keys: dict[UUID, KeyRow], *, position: int = 1) -> LedgerEvent:
    """A fact sealed and stored, as the ledger would give it back."""
    event_id = uuid5(_NAMESPACE, f"event {position}")
    pen = Pen(keyring, new_id=lambda: event_id, known=keys.values())
    name = stored_name(fact)
    return LedgerEvent(
        position=position,
        stream=fact.originator_id,
        version=fact.originator_version,
        kind=name.split(".")[0],
        event_id=event_id,
        type=name,
        payload=pen.seal(event_id, fact),
        organisation="ZZ1",
        actor=an_id("actor"),
        correlation=None,
        causation=None,
        effective_at=fact.timestamp,
        recorded_at=NOON + timedelta(days=1),
        editions=(),
        build="",
        cases=() if kind_of(type(fact)) in {"ledger", "organisation"} else (an_id("incident"),),
    )


def kind_of(event: type[Any]) -> str:
    """The kind of stream that an event belongs to."""
    return stored_name(event).split(".")[0]


def _kinds() -> Iterator[str]:
    yield from dict.fromkeys(stored.name.split(".")[0] for stored in ALL)


def _envelope(event: type[Any]) -> dict[str, Any]:
    first = issubclass(event, FirstFact)
    envelope: dict[str, Any] = {
        "originator_id": an_id(kind_of(event)),
        "originator_version": 1 if first else 2,
        "timestamp": NOON,
    }
    return envelope | ({"originator_topic": ""} if first else {})


def _value(shape: Shape, name: str, *, full: bool) -> Any:
    match shape:
        case Plain(type=plain):
            return _plain(plain, name)
        case Secret(type=secret):
            return _secret(secret, name)
        case Maybe(inner=inner):
            return _value(inner, name, full=full) if full else None
        case Many(each=each):
            return (_value(each, name, full=full), _value(each, name, full=full)) if full else ()
        case Either(options=options):
            return _value(options[0], name, full=full)
        case Record(type=record, parts=parts):
            return record(**{part.name: _inside(record, part, full=full) for part in parts})


def _inside(record: type[Any], part: Part, *, full: bool) -> Any:
    if record is Factor and part.name == "code":
        return Code("T1")
    return _value(part.shape, part.name, full=full)


def _plain(plain: type[Any], name: str) -> Any:
    if name in _PLAIN:
        return _PLAIN[name] if not issubclass(plain, Enum) else next(iter(plain))
    if issubclass(plain, Enum):
        return next(iter(plain))
    made = {UUID: an_id(name), str: name, int: 1, bool: True, datetime: NOON, date: MONDAY}
    return made[plain]


def _secret(secret: type[Personal] | type[Narrative], name: str) -> Personal | Narrative:
    words = _WORDS.get(name, f"{PLANTED} in {name}")
    if secret is Personal:
        return Personal(PersonId(an_id("person")), words, KeyId(an_id("personal key")))
    return Narrative(an_id("incident"), words, KeyId(an_id("incident key")))


def _added_facts() -> tuple[AddedFact, ...]:
    name = _secret(Personal, "name")
    assert isinstance(name, Personal)
    judge = Judge(name, Label("consultant surgeon"), NOON)
    return (
        AddedFact(FactName.RETURN_TO_THEATRE, None, value=True, judge=judge),
        AddedFact(FactName.NEVER_EVENT_TYPE, None, value=Code("NE-02"), judge=None),
        AddedFact(FactName.PHYSICAL_HARM, 1, value=Harm(Code("2"), Code("lfpse-5")), judge=judge),
        AddedFact(FactName.DIED, 1, value=None, judge=None),
    )
