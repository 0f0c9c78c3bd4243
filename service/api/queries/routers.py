"""Every query, in one router for each noun."""

from collections.abc import Callable
from typing import Final

from fastapi import APIRouter

from service.api.queries.actions import add_actions
from service.api.queries.audit.access import add_access
from service.api.queries.audit.checkpoints import add_checkpoints
from service.api.queries.audit.erasures import add_erasures
from service.api.queries.audit.figures import add_explanations
from service.api.queries.audit.packs import add_packs
from service.api.queries.audit.people import add_people_search
from service.api.queries.audit.proofs import add_proofs
from service.api.queries.audit.replays import add_replays
from service.api.queries.audit.retention import add_retention
from service.api.queries.audit.tiles import add_tiles
from service.api.queries.audit.witnesses import add_witnesses
from service.api.queries.audit_samples import add_audit_samples
from service.api.queries.cases import add_cases
from service.api.queries.decisions import add_decisions
from service.api.queries.events import add_events
from service.api.queries.incidents import add_incidents
from service.api.queries.learning_responses import add_learning_responses
from service.api.queries.obligations import add_obligations
from service.api.queries.organisations import add_organisations
from service.api.queries.policy.assessments import add_assessments
from service.api.queries.policy.editions import add_editions
from service.api.queries.policy.what_if import add_policy_what_if
from service.api.queries.policy.what_if_results import add_what_if_results
from service.api.queries.threshold_decisions import add_threshold_decisions
from service.api.queries.timeliness import add_timeliness
from service.api.queries.worklist import add_worklist

_NOUNS: Final[tuple[Callable[[APIRouter], None], ...]] = (
    add_explanations,
    add_incidents,
    add_cases,
    add_decisions,
    add_obligations,
    add_worklist,
    add_timeliness,
    add_learning_responses,
    add_actions,
    add_organisations,
    add_events,
    add_threshold_decisions,
    add_audit_samples,
    add_erasures,
    add_retention,
    add_access,
    add_packs,
    add_people_search,
    add_checkpoints,
    add_proofs,
    add_tiles,
    add_witnesses,
    add_replays,
    add_editions,
    add_assessments,
    add_policy_what_if,
    add_what_if_results,
)


def query_routers() -> list[APIRouter]:
    """The routes of every query; they find what answers them at `app.state.queries`."""
    routers = []
    for add_routes in _NOUNS:
        router = APIRouter()
        add_routes(router)
        routers.append(router)
    return routers
