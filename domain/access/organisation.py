"""Who may keep the register of organisations."""

from typing import Any, Final

from domain.access.permission import Permission, Relation, may
from domain.kernel.actor import Role
from domain.organisation.commands.adopt_local_plan import AdoptLocalPlan
from domain.organisation.commands.commission_provider import CommissionProvider
from domain.organisation.commands.end_commissioning import EndCommissioning
from domain.organisation.commands.register_organisation import RegisterOrganisation

TABLE: Final[dict[type[Any], Permission]] = {
    RegisterOrganisation: may(Role.ADMINISTRATOR, relation=Relation.ANY),
    CommissionProvider: may(Role.ADMINISTRATOR, relation=Relation.ANY),
    EndCommissioning: may(Role.ADMINISTRATOR, relation=Relation.ANY),
    AdoptLocalPlan: may(Role.ADMINISTRATOR, relation=Relation.ANY),
}
"""The register decides who sees what, so only an administrator of the ledger keeps it."""
