"""The story on a terminal: each step with what the case's timeline told, then how clocks and actions stand."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from shlex import quote
from typing import Any, Final
from zoneinfo import ZoneInfo

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from service.demo.client import RefusedError, Voice
from service.demo.stage import Sentence

_LONDON: Final = ZoneInfo("Europe/London")
_STYLES: Final[Mapping[str, str]] = {
    "met": "green",
    "met_late": "bold red",
    "met_recorded_late": "bold yellow",
    "overdue": "bold red",
    "paused": "yellow",
    "running": "cyan",
    "not_applicable": "dim",
    "without_number": "cyan",
    "verified": "green",
}
_ID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_TO_COPY: Final = "$ "
_HANDED_OVER: Final = "owed_to_named_persons"
"""A clock that each relevant person has for themselves by now: theirs are shown."""

Item = Mapping[str, Any]


class PrintingTeller:
    """Tells the story while it is played."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def chapter(self, title: str) -> None:
        """Another part of the story begins."""
        self._console.print()
        self._console.rule(f"[bold]{escape(title)}", align="left")

    def note(self, words: str) -> None:
        """The words, set back: they are about the story, and no part of it."""
        self._console.print(f"[dim]{escape(words)}[/]")

    def asked(self, now: datetime, voice: Voice, does: str, answer: Sequence[str]) -> None:
        """The question in the story's words, then each line of the answer; a line to copy (`$`) is not broken."""
        self._headline(now, voice, does)
        for line in answer:
            if line.startswith(_TO_COPY):
                self._console.print(f"          [dim]{escape(line)}[/]", soft_wrap=True)
            else:
                self._console.print(_hanging("[cyan]·[/]", escape(line)))

    def step(self, now: datetime, voice: Voice, does: str, told: Sequence[Sentence]) -> None:
        """The step in the story's words, then each event in the words of the case's timeline."""
        self._headline(now, voice, does)
        self._sentences(told)

    def followed(self, told: Sequence[Sentence]) -> None:
        """What the ledger itself added to the step before."""
        self._sentences(told)

    def refusal(self, now: datetime, voice: Voice, does: str, refused: RefusedError) -> None:
        """The step, and every reason why it was not taken."""
        self._headline(now, voice, does)
        self._console.print(f"          [bold red]refused[/] [red]{refused.status} {escape(refused.code)}[/]")
        for reason in refused.reasons:
            self._console.print(_hanging("[red]-[/]", escape(_short(reason))))

    def _sentences(self, told: Sequence[Sentence]) -> None:
        for sentence in told:
            self._console.print(_hanging(f"[dim]{sentence.position}[/]", escape(sentence.words)))

    def _headline(self, now: datetime, voice: Voice, does: str) -> None:
        said = f"[bold]{escape(voice.title)}[/] {escape(does)}"
        self._console.print(f"[cyan]{now.astimezone(_LONDON):%a %d %b %Y %H:%M}[/]  {said}")


def print_clocks(console: Console, cases: Mapping[str, str], clocks: Sequence[Item]) -> None:
    """The clocks of these cases (names by id), as their commissioner sees them."""
    for case, name in cases.items():
        table = _table(f"Timeliness of {name}, as the ICB sees it", "Rule", "Duty", "Force", "Due", "Met", "Status")
        for clock in sorted((each for each in clocks if each["incident_id"] == case), key=_by_rule):
            if clock["set_aside_because"] == _HANDED_OVER:
                continue
            table.add_row(
                clock["rule"],
                clock["title"],
                _force(clock),
                _moment(clock["due_at"]) or "[dim]no number[/]",
                _moment(clock["met_at"]),
                _status(clock["status"], clock["days_over"]),
            )
        console.print(table)


def print_actions(console: Console, actions: Sequence[Item]) -> None:
    """One row for each action, as the team at the trust sees them."""
    table = _table("Improvement actions", "Action", "Owner", "Strength", "Due", "Followed up by", "State")
    for action in actions:
        due, first = action["due_on"], action["original_due_on"]
        table.add_row(
            escape(action["change"] or "(sealed)"),
            escape(f"{action['owner_name'] or '(sealed)'}, {action['owner_role']}"),
            action["strength"],
            _day(due) if due == first else f"{_day(due)}\n[dim]first {_day(first)}[/]",
            escape(action["monitored_by"] or ""),
            _status("overdue" if action["overdue"] else action["state"], action["days_over"]),
        )
    console.print(table)


def _table(title: str, *columns: str) -> Table:
    table = Table(title=f"\n{title}", title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, pad_edge=False)
    for name in columns:
        table.add_column(name, overflow="fold")
    return table


def _hanging(mark: str, words: str) -> Table:
    """A line whose words hang beside its mark, however many lines they take."""
    grid = Table.grid(padding=(0, 2))
    grid.add_column(width=8, justify="right")
    grid.add_column()
    grid.add_row(mark, words)
    return grid


def print_cases(console: Console, incidents: Sequence[Item]) -> None:
    """How each case stands, in one line."""
    console.print()
    for incident in incidents:
        open_actions = incident["actions_open"]
        actions = f", {open_actions} action{'' if open_actions == 1 else 's'} open" if incident["actions"] else ""
        reference = escape(incident["local_reference"])
        console.print(f"[bold]{reference}[/]  {incident['status']}{actions}")


def print_addresses(console: Console, url: str, home: str) -> None:
    """Where to look now, and how to be let in."""
    verb = "token --role patient_safety_manager --org ZZ1 --subject me"
    command = f"TOKEN=$(INCIDENT_LEDGER_HOME={quote(home)} .venv/bin/incident-ledger {verb})"
    console.print()
    console.print(f"[bold]Serving at {url}[/] until Ctrl-C; the clock is simulated and stands still until it is moved.")
    lines = [f"curl {url}/_status", command]
    lines += [
        f'curl -H "Authorization: Bearer $TOKEN" "{url}/v1/{path}"'
        for path in ("worklist", "timeliness?status=met_late", "actions?overdue=true", "policy/search?words=SUI")
    ]
    for line in lines:
        console.print(f"  {escape(line)}", soft_wrap=True)


def _short(words: str) -> str:
    """The words with only the end of each id, which is what tells ids of one day apart."""
    return _ID.sub(lambda found: f"…{found[0][-6:]}", words)


def _by_rule(clock: Item) -> tuple[str, str]:
    return clock["rule"], clock["id"]


def _force(clock: Item) -> str:
    force = str(clock["force"]).replace("-", " ")
    return force if clock["verified"] else f"{force}, text not yet checked"


def _status(word: str, days_over: int) -> str:
    style = _STYLES.get(word, "default")
    over = f", {days_over} day{'' if days_over == 1 else 's'} over" if days_over else ""
    return f"[{style}]{word.replace('_', ' ')}{over}[/]"


def _moment(text: str | None) -> str:
    return f"{datetime.fromisoformat(text).astimezone(_LONDON):%d %b %H:%M}" if text else ""


def _day(text: str) -> str:
    return f"{datetime.fromisoformat(text):%d %b}"
