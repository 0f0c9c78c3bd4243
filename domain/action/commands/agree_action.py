"""Agree a change in answer to one or more incidents: who does it, by when, how strongly it acts (RCA2, PSIRF-13)."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from domain.action.events import ActionAgreed, Strength
from domain.action.refusals import DueInPast
from domain.action.state import Action
from domain.kernel.actor import Stamp
from domain.kernel.envelope import begin, first
from domain.kernel.personal import Narrative, Personal
from domain.kernel.refusal import Refusal
from domain.kernel.words import ActionId, AreaId, FindingId, IncidentId, Label, PersonId, ResponseId
from domain.policy.clocks import local_day


@dataclass(frozen=True, kw_only=True, slots=True)
class AgreeAction:
    """The change, the incidents it answers, one named owner in a role, a due day, a strength, what is measured.

    `response` is the learning response whose `findings` and `areas` it answers; without one it may still answer
    incidents.
    """

    action: ActionId
    incidents: tuple[IncidentId, ...]
    response: ResponseId | None
    findings: tuple[FindingId, ...]
    areas: tuple[AreaId, ...]
    change: Narrative
    owner: PersonId
    owner_name: Personal
    owner_role: Label
    due_on: date
    strength: Strength
    measure: Narrative | None
    expected_effect: Narrative | None


class IncidentMissing(Refusal):
    """An action answers at least one incident."""

    code: ClassVar[str] = "action.incident-missing"


class FindingUnknown(Refusal):
    """The action names a finding that the learning response has not made."""

    code: ClassVar[str] = "action.finding-unknown"


class AreaUnknown(Refusal):
    """The action names an area for improvement that the learning response has not named."""

    code: ClassVar[str] = "action.area-unknown"


def agree_action(
    command: AgreeAction, stamp: Stamp, *, known_findings: Collection[FindingId], known_areas: Collection[AreaId]
) -> Action:
    """Record the action; its owner has yet to accept it.

    What is named twice is recorded once. `known_findings` and `known_areas` are those of the command's learning
    response: none where it names no response.

    Raises:
        IncidentMissing: it answers no incident.
        DueInPast: the due day lies before the day (Europe/London) on which the action was agreed.
        FindingUnknown: a finding is not one of the response's.
        AreaUnknown: an area is not one of the response's.
    """
    if not command.incidents:
        raise IncidentMissing("No incident is named.", pointers=("/incidents",))
    if command.due_on < local_day(stamp.at):
        raise DueInPast(f"It was agreed on {local_day(stamp.at)}, after {command.due_on}.", pointers=("/due_on",))
    unknown = tuple(_strangers("findings", command.findings, known_findings))
    if unknown:
        raise FindingUnknown(f"Of the findings named, {len(unknown)} are not the response's own.", pointers=unknown)
    unknown = tuple(_strangers("areas", command.areas, known_areas))
    if unknown:
        raise AreaUnknown(f"Of the areas named, {len(unknown)} are not the response's own.", pointers=unknown)
    return begin(Action, _agreed(command, stamp))


def _agreed(command: AgreeAction, stamp: Stamp) -> ActionAgreed:
    return ActionAgreed(
        **first(Action, command.action, stamp),
        incidents=tuple(dict.fromkeys(command.incidents)),
        response=command.response,
        findings=tuple(dict.fromkeys(command.findings)),
        areas=tuple(dict.fromkeys(command.areas)),
        change=command.change,
        owner=command.owner,
        owner_name=command.owner_name,
        owner_role=command.owner_role,
        due_on=command.due_on,
        strength=command.strength,
        measure=command.measure,
        expected_effect=command.expected_effect,
    )


def _strangers(field: str, named: Collection[object], known: Collection[object]) -> Iterator[str]:
    return (f"/{field}/{place}" for place, each in enumerate(named) if each not in known)
