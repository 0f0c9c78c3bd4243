"""Whose work an item of the worklist is: one table, by role and by how the organisation stands to the record.

It follows the table of permissions (`domain/access`): nobody is shown as theirs to do what they may not do. Two lines
are narrower than what is permitted. A commissioner may answer any question, but is asked to only under SIF 2015, where
the decision is its own. An action's owner is a sealed name, so that nobody can be told by it: whoever accepted the
action is its owner here, and what nobody has accepted yet is shown to every action owner of the organisation.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, Subquery, and_, cast, false, or_, true
from sqlalchemy.dialects.postgresql import JSONB

from domain.access.permission import Relation
from domain.kernel.actor import Actor, Role
from domain.policy.library import SERIOUS_INCIDENT_FRAMEWORK
from projections.explaining.work import Whose, WorkLine
from projections.worklist.queries import WorkFilter
from projections.worklist.waiting import Kind

_DECISIONS: Final = frozenset({Kind.ASSESSED_MET, Kind.UNDECIDED, Kind.UNCLEAR, Kind.DECIDE_AGAIN})
_PROVIDER: Final = frozenset({"provider"})
_COMMISSIONER: Final = frozenset({"commissioner"})
_PERSON: Final = "relevant_person"

Condition = Callable[[Subquery, Actor], ColumnElement[bool]]


@dataclass(frozen=True, kw_only=True, slots=True)
class WorkWanted:
    """Which items of whose work."""

    actor: Actor
    wanted: WorkFilter


def _all(_view: Subquery, _actor: Actor) -> ColumnElement[bool]:
    return true()


def _under_sif(view: Subquery, _actor: Actor) -> ColumnElement[bool]:
    return view.c.regime == str(SERIOUS_INCIDENT_FRAMEWORK)


def _for_persons(view: Subquery, _actor: Actor) -> ColumnElement[bool]:
    return or_(view.c.person.is_not(None), cast(view.c.recipients, JSONB).contains([_PERSON]))


def _of_response(view: Subquery, _actor: Actor) -> ColumnElement[bool]:
    return view.c.learning_response_id.is_not(None)


def _submitted_to_them(view: Subquery, actor: Actor) -> ColumnElement[bool]:
    return view.c.submitted_to == actor.organisation


def _accepted_by_them(view: Subquery, actor: Actor) -> ColumnElement[bool]:
    return view.c.accepted_by == actor.id


def _not_in_their_hands(view: Subquery, actor: Actor) -> ColumnElement[bool]:
    """Nobody who ever accepted an action or called it completed verifies it."""
    return ~cast(view.c.hands, JSONB).contains([str(actor.id)])


@dataclass(frozen=True, slots=True)
class Work:
    """Some kinds of items are a role's work: those of clocks by who owes them, and where `only` holds."""

    kinds: frozenset[Kind]
    relation: Relation = Relation.OWN
    owed_by: frozenset[str] = frozenset()
    only: Condition = _all

    def condition(self, view: Subquery, actor: Actor) -> ColumnElement[bool]:
        """The same as a condition on the items that exist for the reader."""
        is_own = view.c.organisation == actor.organisation
        conditions = [
            # What exists for a commissioner beside its own records are those of whom it commissions today.
            is_own if self.relation is Relation.OWN else ~is_own,
            view.c.kind.in_([kind.value for kind in sorted(self.kinds)]),
            self.only(view, actor),
        ]
        if self.owed_by:
            conditions.append(view.c.owed_by.in_(sorted(self.owed_by)))
        return and_(*conditions)


def _work(*kinds: Kind, only: Condition = _all) -> Work:
    return Work(frozenset(kinds), only=only)


def _clocks(owed_by: frozenset[str], *, only: Condition = _all) -> Work:
    return Work(frozenset({Kind.CLOCK}), owed_by=owed_by, only=only)


WORK: Final[Mapping[Role, tuple[Work, ...]]] = {
    Role.PATIENT_SAFETY_MANAGER: (
        Work(_DECISIONS),
        _clocks(_PROVIDER | {"independent_investigator"}),
        _work(Kind.RESPONSE_WITHOUT_LEAD, Kind.RESPONSE_TO_SUBMIT, Kind.ACTION_TO_ACCEPT, Kind.ACTION),
        _work(Kind.ACTION_TO_VERIFY, only=_not_in_their_hands),
    ),
    Role.APPROVER: (
        _work(Kind.RESPONSE_TO_APPROVE),
        _work(Kind.ACTION_TO_VERIFY, only=_not_in_their_hands),
    ),
    Role.LEARNING_RESPONSE_LEAD: (_clocks(_PROVIDER, only=_of_response),),
    Role.ENGAGEMENT_LEAD: (_clocks(_PROVIDER, only=_for_persons),),
    Role.ACTION_OWNER: (_work(Kind.ACTION_TO_ACCEPT), _work(Kind.ACTION, only=_accepted_by_them)),
    Role.COMMISSIONER: (
        Work(_DECISIONS, Relation.COMMISSIONS, only=_under_sif),
        Work(frozenset({Kind.CLOCK}), Relation.COMMISSIONS, owed_by=_COMMISSIONER),
        Work(frozenset({Kind.RESPONSE_TO_RECEIVE}), Relation.COMMISSIONS, only=_submitted_to_them),
    ),
}
"""Who reports, looks on, or keeps the register has no work of their own here: their list is empty. Roles add up."""


WORDS: Final[Mapping[Condition, str]] = {
    _all: "all",
    _under_sif: "under_sif",
    _for_persons: "for_persons",
    _of_response: "of_response",
    _submitted_to_them: "submitted_to_them",
    _accepted_by_them: "accepted_by_them",
    _not_in_their_hands: "not_in_their_hands",
}
"""Each condition in the word by which an explanation states it (`projections/explaining/work.py`)."""


def whose_work(actor: Actor) -> Whose:
    """The same lines as plain values, for whoever works out the length of a list again."""
    lines = [
        WorkLine(
            kinds=tuple(sorted(work.kinds)),
            own=work.relation is Relation.OWN,
            owed_by=tuple(sorted(work.owed_by)),
            only=WORDS[work.only],
        )
        for role in sorted(actor.roles)
        for work in WORK.get(role, ())
    ]
    return Whose(actor=actor.id, organisation=actor.organisation, lines=tuple(lines))


def work_of(view: Subquery, actor: Actor) -> ColumnElement[bool]:
    """The items of the worklist that are this caller's to do."""
    lines = [work.condition(view, actor) for role in sorted(actor.roles) for work in WORK.get(role, ())]
    return or_(false(), *lines)
