"""The stage: the simulated clock, the commands that people give on it, and somebody who tells what was recorded."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final, Protocol
from zoneinfo import ZoneInfo

from service.demo.cast import ADMINISTRATOR, SAFETY_MANAGER
from service.demo.client import LedgerClient, Recorded, RefusedError, Voice

_LONDON: Final = ZoneInfo("Europe/London")
_BEGINS: Final = time(8)

Line = Mapping[str, Any]
"""One entry of a case's timeline, as it is answered."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One event of a case in plain English, as the case's timeline tells it."""

    position: int
    words: str


class Teller(Protocol):
    """Whoever tells the story while it is played."""

    def chapter(self, title: str) -> None:
        """Another part of the story begins."""
        ...

    def note(self, words: str) -> None:
        """What whoever hears the story has to know to take it for no more than it is."""
        ...

    def asked(self, now: datetime, voice: Voice, does: str, answer: Sequence[str]) -> None:
        """Somebody did something that belongs to no case, or asked a question, and this is what the answer says."""
        ...

    def followed(self, told: Sequence[Sentence]) -> None:
        """Since the step before, the ledger itself recorded what follows from it."""
        ...

    def step(self, now: datetime, voice: Voice, does: str, told: Sequence[Sentence]) -> None:
        """A command was taken, and this is what the case's timeline tells of it."""
        ...

    def refusal(self, now: datetime, voice: Voice, does: str, refused: RefusedError) -> None:
        """A command was refused, as it should be."""
        ...


class NotRefusedError(Exception):
    """The story expected a refusal, and the command was taken."""


@dataclass
class Stage:
    """Where one performance is played: `begins_on` is its day 0, a Monday.

    `now` is the moment of the story and `clock` that of the ledger. Where the clock is later, it stays where it is and
    each fact is entered late, with the moment at which it became true. `manager` handles the cases and reads them;
    `performance` tells the references of one performance from those of every other.
    """

    client: LedgerClient
    teller: Teller
    begins_on: date
    now: datetime
    clock: datetime
    manager: Voice = SAFETY_MANAGER
    performance: str = ""
    position: int = 0
    """That of the last command: what is asked next has to know of it."""
    _given: int = 0
    _told: dict[str, int] = field(default_factory=dict)

    def day(self, day: int) -> str:
        """A day of the story, by its number."""
        return (self.begins_on + timedelta(days=day)).isoformat()

    def instant(self, day: int, clock: str) -> str:
        """A moment of the story by the clock on the wall, in UTC."""
        return _text(self._moment(day, clock))

    def reference(self, number: int) -> str:
        """A number of the local reporting system, which no other performance has used."""
        return f"{self.manager.organisation}-{self.performance or f'{self.begins_on:%Y%m%d}'}-{number:03d}"

    @property
    def is_entered_late(self) -> bool:
        """Whether the clock of the ledger has passed the moment of the story."""
        return self.now < self.clock

    async def at(self, day: int, clock: str) -> None:
        """Go on to a moment of the story; the simulated clock moves with it, unless it is there already."""
        self.now = self._moment(day, clock)
        if self.now > self.clock:
            await self._give(ADMINISTRATOR, "/v1/simulation/clock", {"to": _text(self.now)})
            self.clock = self.now

    async def does(self, voice: Voice, does: str, path: str, /, **body: Any) -> Recorded:
        """Somebody gives a command, and what was recorded is told.

        Raises:
            RefusedError: it was not taken.
        """
        recorded = await self.gives(voice, path, **body)
        lines = await self._new_lines(recorded)
        own = _own_from(lines, recorded.position)
        self.teller.followed([_sentence(line) for line in lines if line["position"] < own])
        self.teller.step(self.now, voice, does, [_sentence(line) for line in lines if line["position"] >= own])
        return recorded

    async def is_refused(self, voice: Voice, does: str, path: str, /, **body: Any) -> RefusedError:
        """Somebody gives a command that is refused, and the reasons are told.

        Raises:
            NotRefusedError: it was taken.
        """
        try:
            await self.gives(voice, path, **body)
        except RefusedError as refused:
            self.teller.refusal(self.now, voice, does, refused)
            return refused
        raise NotRefusedError(does)

    async def gives(self, voice: Voice, path: str, /, **body: Any) -> Recorded:
        """Somebody gives a command, of which nothing is told.

        Raises:
            RefusedError: it was not taken.
        """
        late = {"effective_at": _text(self.now)} if self.is_entered_late else {}
        recorded = await self._give(voice, path, body | late)
        self.position = recorded.position
        return recorded

    def tell(self, voice: Voice, does: str, answer: Sequence[str]) -> None:
        """Tell what somebody did outside every case, or asked, and what the answer says."""
        self.teller.asked(self.now, voice, does, answer)

    async def _give(self, voice: Voice, path: str, body: Mapping[str, Any]) -> Recorded:
        self._given += 1
        return await self.client.give(voice, path, body, key=f"demo-{self.reference(self._given)}")

    async def _new_lines(self, recorded: Recorded) -> list[Line]:
        """What the case's timeline has told since it was last asked."""
        timeline = recorded.links["timeline"]
        lines = await self.client.ask_all(self.manager, timeline, min_position=recorded.position)
        known = self._told.get(timeline, 0)
        self._told[timeline] = max(line["position"] for line in lines)
        return [line for line in lines if line["position"] > known]

    def _moment(self, day: int, clock: str) -> datetime:
        on = self.begins_on + timedelta(days=day)
        return datetime.combine(on, time.fromisoformat(clock), _LONDON).astimezone(UTC)


async def set_stage(client: LedgerClient, teller: Teller, *, not_before: date) -> Stage:
    """A stage whose first day is the next Monday on the ledger's own clock that has not begun yet."""
    now = await clock_of(client)
    monday = max(now.astimezone(_LONDON).date(), not_before)
    while monday.weekday() != 0 or datetime.combine(monday, _BEGINS, _LONDON) < now:
        monday += timedelta(days=1)
    return Stage(client, teller, monday, now, now)


async def clock_of(client: LedgerClient) -> datetime:
    """Where the ledger's own clock stands."""
    return datetime.fromisoformat((await client.status())["clock"]["now"])


def _own_from(lines: Sequence[Line], position: int) -> int:
    """Where the events of the command that ends at a position begin: they stand together, and are one actor's."""
    actors = {line["position"]: line["actor"] for line in lines}
    while position in actors and actors.get(position - 1) == actors[position]:
        position -= 1
    return position


def _sentence(line: Line) -> Sentence:
    return Sentence(line["position"], line["sentence"])


def _text(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")
