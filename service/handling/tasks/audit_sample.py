"""How commands on random samples are handled."""

from typing import Final

from domain.audit_sample.commands.commit_sample import CommitSample, commit_sample
from domain.audit_sample.commands.draw_sample import DrawSample, Log, can_be_drawn, draw_sample
from domain.audit_sample.drawing import Criteria, Population, in_order
from domain.audit_sample.state import AuditSample
from domain.kernel.actor import Actor
from domain.kernel.streams import Kind, organisation_stream
from domain.kernel.words import OdsCode
from domain.organisation.events import OrganisationKind
from service.handling.desk import Desk
from service.handling.refusals import NotPermitted, OrganisationUnknown, RecordNotFound
from service.handling.specification import Begin, Change, Context, Situation


async def _sees(desk: Desk, actor: Actor, provider: OdsCode) -> bool:
    return desk.standing.sees(actor, await desk.standing.relations(actor, provider))


async def _with_providers(desk: Desk, situation: Situation) -> Context:
    """Those that were named, each of which must exist for the auditor; else the auditor's own organisation."""
    actor, named = situation.stamp.by, situation.command.providers
    if named is None:
        own = await desk.organisations.get(organisation_stream(actor.organisation))
        decides = own is not None and own.aggregate.kind is OrganisationKind.PROVIDER
        return Context({"providers": frozenset({actor.organisation} if decides else ())})
    for provider in named:
        if not await _sees(desk, actor, provider):
            raise OrganisationUnknown(pointers=("/providers",))
    return Context({"providers": frozenset(named)})


async def _with_log(desk: Desk, situation: Situation) -> Context:
    """What the log says; the population only where the sample can be drawn.

    The log is final up to its newest event: nothing is ever recorded before it.
    """
    target = situation.target
    if target is None:
        raise RecordNotFound
    sample, head = target.aggregate, await desk.ledger.head()
    assert head.recorded_at is not None, "the log holds at least the commitment"
    final = head.recorded_at
    drawable = can_be_drawn(sample, situation.command, final_before=final)
    population = await _population(desk, sample, situation.stamp.by) if drawable else None
    return Context({"log": Log(final_before=final, committed_at=target.position, population=population)})


async def _population(desk: Desk, sample: AuditSample, actor: Actor) -> Population:
    for provider in sample.providers:
        if not await _sees(desk, actor, provider):
            raise NotPermitted
    position = await desk.ledger.position_at(sample.population_until)
    [following] = await desk.ledger.read_all(after=position, limit=1)
    wanted = Criteria(sample.providers, sample.question, sample.outcome)
    members = await desk.populations.standing_at(position, wanted, actor)
    return Population(position, following.event_id, in_order(members))


COMMIT_SAMPLE: Final = Begin(
    CommitSample,
    Kind.AUDIT_SAMPLE,
    commit_sample,
    of_actor=True,
    context=_with_providers,
)
DRAW_SAMPLE: Final = Change(DrawSample, Kind.AUDIT_SAMPLE, draw_sample, context=_with_log)

TASKS: Final = (COMMIT_SAMPLE, DRAW_SAMPLE)
