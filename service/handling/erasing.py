"""What an erasure is decided on: every sealed value of the cases that name the person, and the legal holds on them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

from domain.erasure.contents import Contents, SealedValue
from domain.erasure.state import Erasure
from domain.kernel.envelope import Fact, FirstFact
from domain.kernel.personal import Erased, Narrative, Personal
from domain.kernel.streams import Kind
from domain.kernel.words import Code, HoldId, IncidentId, KeyId, PersonId
from service.handling.desk import Desk
from service.handling.loading import Loaded, fold
from service.handling.refusals import RecordNotFound
from service.handling.specification import Context, Situation
from service.store.codec import rewrite_secrets
from service.store.ledger import CaseGuard, Guard, LedgerEvent


@dataclass(frozen=True, slots=True)
class _Case:
    """One case: its streams as they stand, and each event with its fact, opened where its keys stand."""

    streams: tuple[Loaded, ...]
    told: tuple[tuple[LedgerEvent, Fact | FirstFact], ...]


async def contents_of(
    desk: Desk, incidents: Iterable[UUID], person: PersonId, *, without: UUID | None = None
) -> Context:
    """The contents of these cases, and of every other that shares a stream with them in which the person is named.

    All of it is guarded, but for the stream `without`: nothing in these cases may change while the decision is taken.
    """
    cases: dict[UUID, _Case] = {}
    waiting = list(incidents)
    while waiting:
        incident = waiting.pop()
        if incident not in cases:
            cases[incident] = case = await _read(desk, incident)
            waiting.extend(_other_cases(case, person))
    order = sorted(cases)
    streams = {loaded.stream: loaded for case in order for loaded in cases[case].streams}
    contents = Contents(
        incidents=tuple(IncidentId(case) for case in order),
        values=_values_in(cases[case] for case in order),
        holds=holds_on(streams[case] for case in order),
        keys_about=frozenset(KeyId(key) for key in await desk.ledger.standing_keys(person)),
        is_requested=any(_is_under_way(loaded, person) for loaded in streams.values()),
    )
    return Context(
        {"contents": contents},
        guards=tuple(Guard(each.stream, each.version) for each in streams.values() if each.stream != without),
        case_guards=tuple(CaseGuard(case, len(cases[case].streams)) for case in order),
    )


def holds_on(incidents: Iterable[Loaded]) -> tuple[HoldId, ...]:
    """The legal holds that stand on these incidents."""
    return tuple(hold.hold for loaded in incidents for hold in loaded.aggregate.legal_holds.standing)


async def with_contents(desk: Desk, situation: Situation) -> Context:
    """What an erasure that is due would destroy, as it stands now.

    Raises:
        RecordNotFound: the erasure is of somebody else.
    """
    erasure, target = checked(situation), situation.target
    return await contents_of(
        desk, erasure.incidents, erasure.person, without=target.stream if target is not None else None
    )


def checked(situation: Situation) -> Erasure:
    """The erasure that a command is about.

    Raises:
        RecordNotFound: it is of somebody else than the person named in the command.
    """
    target = situation.target
    if target is None or target.aggregate.person != situation.command.person:
        raise RecordNotFound
    erasure: Erasure = target.aggregate
    return erasure


async def _read(desk: Desk, case: UUID) -> _Case:
    events = await desk.ledger.read_case(case)
    facts = await desk.book.open(events)
    by_stream: dict[UUID, list[LedgerEvent]] = {}
    for event in events:
        by_stream.setdefault(event.stream, []).append(event)
    folded = [await fold(desk.book, each) for each in by_stream.values()]
    streams = tuple(loaded for loaded in folded if loaded is not None)
    return _Case(streams, tuple(zip(events, facts, strict=True)))


def _other_cases(case: _Case, person: PersonId) -> Iterator[UUID]:
    for event, fact in case.told:
        if any(value.person == person for value in _sealed_in(event, fact)):
            yield from event.cases


def _values_in(cases: Iterable[_Case]) -> tuple[SealedValue, ...]:
    """Each value once, also where its stream belongs to several of the cases."""
    found = {
        (value.position, value.path): value
        for case in cases
        for event, fact in case.told
        for value in _sealed_in(event, fact)
    }
    return tuple(found[place] for place in sorted(found))


def _sealed_in(event: LedgerEvent, fact: Fact | FirstFact) -> list[SealedValue]:
    found: list[SealedValue] = []

    def note(value: Personal | Narrative, path: str) -> Personal | Narrative:
        person = value.about if isinstance(value, Personal) else None
        erased = isinstance(value.words, Erased)
        found.append(SealedValue(event.position, Code(path), value.key, person, erased))
        return value

    rewrite_secrets(fact, note)
    return found


def _is_under_way(loaded: Loaded, person: PersonId) -> bool:
    if loaded.kind is not Kind.ERASURE:
        return False
    erasure: Erasure = loaded.aggregate
    return erasure.person == person and not erasure.stage.is_over
