"""The story on a terminal: each step with what the case's timeline told, then how clocks and actions stand."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

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
Item = Mapping[str, Any]


class PrintingTeller:
    """Tells the story while it is played."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def chapter(self, title: str) -> None:
        """Another case begins."""
        self._console.print()
        self._console.rule(f"[bold]{escape(title)}", align="left")

    def step(self, now: datetime, voice: Voice, does: str, told: Sequence[Sentence]) -> None:
        """The step in the story's words, then each event in the words of the case's timeline."""
        self._headline(now, voice, does)
        for sentence in told:
            self._console.print(f"  [dim]{sentence.position:>6}[/]  {escape(sentence.words)}")

    def refusal(self, now: datetime, voice: Voice, does: str, refused: RefusedError) -> None:
        """The step, and every reason why it was not taken."""
        self._headline(now, voice, does)
        self._console.print(f"  [bold red]refused[/] [red]{refused.status} {escape(refused.code)}[/]")
        for reason in refused.reasons:
            self._console.print(f"       [red]-[/]  {escape(reason)}")

    def _headline(self, now: datetime, voice: Voice, does: str) -> None:
        said = f"[bold]{escape(voice.title)}[/] {escape(does)}"
        self._console.print(f"[cyan]{now.astimezone(_LONDON):%a %d %b %Y %H:%M}[/]  {said}")


def print_clocks(console: Console, cases: Mapping[str, str], clocks: Sequence[Item]) -> None:
    """One row for each clock of these cases (names by id), as their commissioner sees them."""
    table = Table(title="Timeliness, as the ICB sees it", title_justify="left", title_style="bold")
    for name in ("Case", "Rule", "Duty", "Force", "Due", "Met", "Status"):
        table.add_column(name, overflow="fold")
    table.add_column("Days over", justify="right")
    for case, name in cases.items():
        for clock in sorted((each for each in clocks if each["incident_id"] == case), key=_by_rule):
            table.add_row(
                name,
                clock["rule"],
                clock["title"],
                _force(clock),
                _moment(clock["due_at"]) or "no number",
                _moment(clock["met_at"]),
                _status(clock["status"]),
                str(clock["days_over"] or ""),
            )
        table.add_section()
    console.print()
    console.print(table)


def print_actions(console: Console, actions: Sequence[Item]) -> None:
    """One row for each action, as those who do them see them."""
    table = Table(title="Improvement actions", title_justify="left", title_style="bold")
    for name in ("Action", "Owner", "Strength", "First due", "Due", "State", "Followed up by"):
        table.add_column(name, overflow="fold")
    table.add_column("Days over", justify="right")
    for action in actions:
        table.add_row(
            escape(action["change"] or "(sealed)"),
            escape(f"{action['owner_name'] or '(sealed)'}, {action['owner_role']}"),
            action["strength"],
            _day(action["original_due_on"]),
            _day(action["due_on"]),
            _status("overdue") if action["overdue"] else _status(action["state"]),
            escape(action["monitored_by"] or ""),
            str(action["days_over"] or ""),
        )
    console.print()
    console.print(table)


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
    command = f"TOKEN=$(INCIDENT_LEDGER_HOME={home} .venv/bin/incident-ledger {verb})"
    console.print()
    console.print(f"[bold]Serving at {url}[/] until Ctrl-C; the clock is simulated and stands still until it is moved.")
    lines = [f"curl {url}/_status", command]
    lines += [
        f'curl -H "Authorization: Bearer $TOKEN" "{url}/v1/{path}"'
        for path in ("incidents", "timeliness?status=met_late", "actions?overdue=true")
    ]
    for line in lines:
        console.print(f"  {escape(line)}", soft_wrap=True)


def _by_rule(clock: Item) -> tuple[str, str]:
    return clock["rule"], clock["id"]


def _force(clock: Item) -> str:
    force = str(clock["force"]).replace("-", " ")
    return force if clock["verified"] else f"{force}, text not yet checked"


def _status(word: str) -> str:
    style = _STYLES.get(word, "")
    words = word.replace("_", " ")
    return f"[{style}]{words}[/]" if style else words


def _moment(text: str | None) -> str:
    return f"{datetime.fromisoformat(text).astimezone(_LONDON):%a %d %b %H:%M}" if text else ""


def _day(text: str) -> str:
    return f"{datetime.fromisoformat(text):%a %d %b}"
