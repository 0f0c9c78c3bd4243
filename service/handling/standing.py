"""How an actor stands to the organisation whose record it is, and what follows: seen or not, permitted or not."""

from typing import Final

from domain.access.permission import Permission, Relation
from domain.kernel.actor import Actor, Role
from domain.kernel.streams import organisation_stream
from domain.kernel.words import OdsCode
from domain.policy.clocks import local_day
from service.handling.loading import OrganisationShelf
from service.handling.time import LedgerTime

SEES_OWN: Final = frozenset(Role) - {Role.REPORTER_SYSTEM, Role.REGULATOR}
"""Roles for which the records of their own organisation exist. A reporting system may report and not read."""


class Standing:
    """Answers from the register of organisations as it stands today."""

    def __init__(self, organisations: OrganisationShelf, time: LedgerTime) -> None:
        self._organisations = organisations
        self._time = time

    async def relations(self, actor: Actor, organisation: OdsCode) -> frozenset[Relation]:
        """Every way in which the actor stands to the organisation; `ANY` is always among them."""
        relations = {Relation.ANY}
        if actor.organisation == organisation or Role.SYSTEM in actor.roles:
            relations.add(Relation.OWN)
        elif Role.COMMISSIONER in actor.roles and await self._commissions(actor.organisation, organisation):
            relations.add(Relation.COMMISSIONS)
        return frozenset(relations)

    async def _commissions(self, commissioner: OdsCode, provider: OdsCode) -> bool:
        loaded = await self._organisations.get(organisation_stream(provider))
        today = local_day(await self._time.now())
        return loaded is not None and commissioner in loaded.aggregate.commissioners_on(today)

    @staticmethod
    def sees(actor: Actor, relations: frozenset[Relation]) -> bool:
        """Whether a record exists for the actor."""
        if Relation.COMMISSIONS in relations:
            return True
        return Relation.OWN in relations and bool(actor.roles & SEES_OWN)

    @staticmethod
    def may(actor: Actor, permission: Permission, relations: frozenset[Relation]) -> bool:
        """Whether one of the actor's roles, standing in the relation asked for, may give the command."""
        return permission.allows(actor.roles, relations)
