"""The fields of the facts that everything else stands on: the ledger, organisations, samples, the access log."""

from typing import Final

from domain.access_log import events as access_log
from domain.audit_sample import events as samples
from domain.audit_sample.drawing import PopulationMember
from domain.catalogue.fields.described import Fields, composite, kept, organisation, pseudonym, working
from domain.kernel.actor import Role
from domain.ledger import events as ledger
from domain.organisation import events as organisations

_ADMINISTRATOR: Final = Role.ADMINISTRATOR
_AUDITOR: Final = Role.AUDITOR

FIELDS: Final[Fields] = {
    ledger.LedgerOpened: kept(_ADMINISTRATOR, clock=working("by which clock this ledger runs, for ever")),
    ledger.ClockMoved: kept(_ADMINISTRATOR, to_at=working("where the simulated clock stands")),
    ledger.LedgerResumed: kept(
        _ADMINISTRATOR,
        origin=working("the name under which checkpoints are signed from now on"),
        loss=working("what was found to differ from what was signed"),
        signed_size=working("how many events the last checkpoint under the name before covers"),
        signed_root=working("its root: whoever holds that checkpoint knows that it is meant"),
        reason=working("why it was decided to go on, for every reader of the log; it names nobody"),
    ),
    organisations.OrganisationRegistered: kept(
        _ADMINISTRATOR,
        ods=organisation("the code by which everything finds it"),
        name=organisation("what people call it"),
        kind=organisation("whether it provides, commissions or regulates"),
        provider_type=organisation("which law binds a provider"),
        psirf_adopted_on=working("from which day a provider works under PSIRF"),
    ),
    organisations.ProviderCommissioned: kept(
        _ADMINISTRATOR,
        commissioner=organisation("who buys services from it, and so may see its cases"),
        from_on=working("from which day"),
        to_on=working("until which day"),
    ),
    organisations.CommissioningEnded: kept(
        _ADMINISTRATOR,
        commissioner=organisation("who buys services from it no longer"),
        from_on=working("which relation has ended"),
        to_on=working("on which day it ended"),
    ),
    organisations.LocalPlanAdopted: kept(
        _ADMINISTRATOR,
        plan=organisation("which local plan adds to the national rules"),
        from_on=working("from which day"),
        to_on=working("until which day"),
    ),
    access_log.AccessDayBegun: kept(Role.SYSTEM, day=working("on which day the digests of this stream were made")),
    access_log.AccessLogDigested: kept(
        Role.SYSTEM,
        from_number=working("with which access record the stretch begins"),
        to_number=working("with which it ends"),
        records=working("how many they are"),
        digest=working("proves that no record up to there was changed since"),
    ),
    samples.SampleCommitted: kept(
        _AUDITOR,
        providers=organisation("whose decisions will be drawn from"),
        question=working("which threshold the decisions are about"),
        outcome=working("which answer they give"),
        size=working("how many will be drawn"),
        population_until=working("when the population is fixed, still ahead"),
        seed_hash=working("binds the auditor to a seed that nobody else knows yet"),
    ),
    samples.SampleDrawn: kept(
        _AUDITOR,
        seed=working("draws the sample, and lets anybody draw it again"),
        position=working("at which position the population was fixed", Role.SYSTEM),
        beacon=pseudonym("what chance the ledger added, after the population was fixed", Role.SYSTEM),
        population=working("how many decisions stood then", Role.SYSTEM),
        population_digest=working("proves which decisions they were", Role.SYSTEM),
        drawn=composite("which decisions were drawn, in order", Role.SYSTEM),
    ),
    PopulationMember: kept(
        Role.SYSTEM,
        decision=pseudonym("which decision it is"),
        incident=pseudonym("in which case it was made"),
        provider=organisation("whose record that is"),
    ),
}
