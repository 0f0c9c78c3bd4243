"""Why was it late? The time that a duty took, split into intervals, each put down to whoever it was waiting for.

What puts time down to somebody other than the duty's own actor, in order of precedence where several hold at once:

1. `paused`: its clock stood still; to the body that asked for it.
2. `contact_attempted`: somebody tried to reach a relevant person and has not reached them yet; to those affected. It
   concerns duties that are met by speaking with that person. It ends when they were spoken to, agreed to a timeframe,
   asked a question, declined contact, or nobody expects to reach them any more.
3. `draft_shared`: draft findings are with a relevant person who has not come back on them; to those affected. It concerns
   duties to complete, submit or share what the response found. It ends when they were spoken to, asked a question or
   declined contact, or when the final findings were shared with them.
4. `approval`: a draft was put forward and its approver has neither approved nor returned it; to the approver. It concerns
   the same duties.
5. `no_lead_appointed`: a learning response is commissioned and nobody leads it; to nobody. It concerns duties to complete
   or submit that response.
6. `submitted_not_received`, then `received_not_decided`: the report is with the commissioner, who has not confirmed receipt,
   or has not decided yet whether the case is closed; to the commissioner. They concern duties that are met by the receipt,
   or by the decision.

All other time is the actor's own: a wait that nobody recorded is never invented. What was done for another person, or by another response than
the duty's, concerns it never; a duty to nobody in particular waits for each.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from itertools import pairwise
from typing import Final

from domain.kernel.done import Done
from domain.kernel.words import Code, PersonId, ResponseId
from domain.policy.duties import DutyTerms
from domain.policy.status import met_codes


class Because(StrEnum):
    """Why time passed; the earlier of two that hold at once is the one that is told."""

    PAUSED = "paused"
    CONTACT_ATTEMPTED = "contact_attempted"
    DRAFT_SHARED = "draft_shared"
    APPROVAL = "approval"
    NO_LEAD_APPOINTED = "no_lead_appointed"
    SUBMITTED_NOT_RECEIVED = "submitted_not_received"
    RECEIVED_NOT_DECIDED = "received_not_decided"
    OWN_TIME = "own_time"


@dataclass(frozen=True, slots=True)
class Wait:
    """A time in which a duty waited for somebody; `until_at` None: it still does."""

    because: Because
    owner: Code
    from_at: datetime
    until_at: datetime | None


@dataclass(frozen=True, slots=True)
class Interval:
    """A part of the time that a duty took, and to whom it is put down."""

    from_at: datetime
    until_at: datetime
    owner: Code
    because: Because


@dataclass(frozen=True, slots=True)
class _Kind:
    """One kind of wait: what begins and ends it, and the duties that it concerns, by what meets them."""

    because: Because
    owner: Code
    begun_by: str
    ended_by: tuple[str, ...]
    delays: tuple[str, ...]


_REACHED: Final = ("candour.conversation_held", "candour.question_asked", "candour.contact_declined")
_COMPLETED: Final = ("learning_response.approved", "learning_response.submitted:commissioner")
_RECEIVED: Final = "learning_response.received:commissioner"
_COMMISSIONED: Final = "learning_response.commissioned"
_FINAL: Final = "candour.findings_shared:final"
_THOSE_AFFECTED: Final = Code("those_affected")
_COMMISSIONER: Final = Code("commissioner")

_KINDS: Final = (
    _Kind(
        Because.CONTACT_ATTEMPTED,
        _THOSE_AFFECTED,
        begun_by="candour.contact_attempted",
        ended_by=(*_REACHED, "candour.timeframe_agreed", "candour.cannot_be_contacted"),
        delays=(
            "candour.conversation_held",
            "candour.notice_given",
            "candour.timeframe_agreed",
            "candour.support_offered",
        ),
    ),
    _Kind(
        Because.DRAFT_SHARED,
        _THOSE_AFFECTED,
        begun_by="candour.findings_shared:draft",
        ended_by=(*_REACHED, "candour.cannot_be_contacted", _FINAL),
        delays=(*_COMPLETED, _RECEIVED, _FINAL),
    ),
    _Kind(
        Because.APPROVAL,
        Code("approver"),
        begun_by="learning_response.draft_put_forward",
        ended_by=("learning_response.draft_returned", "learning_response.approved"),
        delays=(*_COMPLETED, _RECEIVED, _FINAL),
    ),
    _Kind(
        Because.NO_LEAD_APPOINTED,
        Code("nobody"),
        begun_by=_COMMISSIONED,
        ended_by=("learning_response.lead_appointed",),
        delays=(*_COMPLETED, _RECEIVED),
    ),
    _Kind(
        Because.SUBMITTED_NOT_RECEIVED,
        _COMMISSIONER,
        begun_by="learning_response.submitted:commissioner",
        ended_by=(_RECEIVED,),
        delays=(_RECEIVED, "incident.closed"),
    ),
    _Kind(
        Because.RECEIVED_NOT_DECIDED,
        _COMMISSIONER,
        begun_by=_RECEIVED,
        ended_by=("incident.closed",),
        delays=("incident.closed",),
    ),
)


def waits_of(terms: DutyTerms, dones: Iterable[Done]) -> tuple[Wait, ...]:
    """What a duty with these terms waited for, of all that was done in its case, in the order of the ledger."""
    known = sorted(dones, key=lambda done: done.at)
    methods = {
        done.response: done.code.removeprefix(f"{_COMMISSIONED}:")
        for done in known
        if done.code.startswith(f"{_COMMISSIONED}:")
    }
    return tuple(wait for kind in _KINDS for wait in _waits(kind, terms, known, methods=methods))


def split(from_at: datetime, until_at: datetime, waits: Iterable[Wait], *, actor: Code) -> tuple[Interval, ...]:
    """The time from one moment to another in consecutive intervals, each put down to somebody.

    They leave nothing out and never overlap: together they last exactly as long as the whole. None where no time passed.
    """
    if until_at <= from_at:
        return ()
    given = sorted(waits, key=lambda wait: (list(Because).index(wait.because), wait.from_at))
    edges = {edge for wait in given for edge in (wait.from_at, wait.until_at) if edge and from_at < edge < until_at}
    found: list[Interval] = []
    for begins, ends in pairwise([from_at, *sorted(edges), until_at]):
        owner, because = _owner(given, begins) or (actor, Because.OWN_TIME)
        if found and (found[-1].owner, found[-1].because) == (owner, because):
            found[-1] = replace(found[-1], until_at=ends)
        else:
            found.append(Interval(begins, ends, owner, because))
    return tuple(found)


def _owner(waits: Sequence[Wait], at: datetime) -> tuple[Code, Because] | None:
    for wait in waits:
        if wait.from_at <= at and (wait.until_at is None or at < wait.until_at):
            return wait.owner, wait.because
    return None


def _waits(
    kind: _Kind, terms: DutyTerms, dones: Sequence[Done], *, methods: dict[ResponseId | None, str]
) -> Iterator[Wait]:
    for person, response in dict.fromkeys((done.person, done.response) for done in dones if done.code == kind.begun_by):
        if _concerns(kind, terms, person, response, method=methods.get(response)):
            yield from _spells(kind, dones, person, response)


def _concerns(
    kind: _Kind, terms: DutyTerms, person: PersonId | None, response: ResponseId | None, *, method: str | None
) -> bool:
    """Whether a wait for this person or by this response keeps the duty from being met.

    A duty that only responses by one method meet names it behind the code.
    """
    if terms.person is not None and person not in (None, terms.person):
        return False
    if terms.response is not None and response not in (None, terms.response):
        return False
    return any(_is_delayed(met_by, kind.delays, method) for met_by in met_codes(terms))


def _is_delayed(met_by: str, delays: tuple[str, ...], method: str | None) -> bool:
    for delayed in delays:
        if met_by == delayed:
            return True
        if met_by.startswith(f"{delayed}:"):
            return not delayed.startswith("learning_response.") or met_by == f"{delayed}:{method}"
    return False


def _spells(kind: _Kind, dones: Sequence[Done], person: PersonId | None, response: ResponseId | None) -> Iterator[Wait]:
    began: datetime | None = None
    for done in dones:
        if done.person not in (None, person) or (done.response not in (None, response)):
            continue
        if done.code == kind.begun_by:
            began = began or done.at
        elif done.code in kind.ended_by and began is not None:
            yield Wait(kind.because, kind.owner, began, done.at)
            began = None
    if began is not None:
        yield Wait(kind.because, kind.owner, began, None)
