"""The fields of the facts that keep a record or let a person go from it: legal holds and erasures."""

from typing import Final

from domain.catalogue.fields.described import Fields, composite, kept, narrative, pseudonym, working
from domain.erasure import events as erasures
from domain.erasure.words import NamedText
from domain.incident import events as incidents
from domain.kernel.actor import Role

_OFFICER: Final = Role.DATA_PROTECTION_OFFICER
_HOLD: Final = pseudonym("lets the release and an erasure speak of this hold", Role.SYSTEM)

FIELDS: Final[Fields] = {
    incidents.LegalHoldPlaced: kept(
        _OFFICER,
        hold=_HOLD,
        authority=working("who needs the record kept"),
        reference=working("by which number they know the matter"),
        reason=narrative("why the record has to be kept"),
        placed_by=pseudonym("who may not release it themselves", Role.SYSTEM),
    ),
    incidents.LegalHoldReleased: kept(
        _OFFICER,
        hold=_HOLD,
        reason=narrative("why the record is not needed any longer"),
        released_by=pseudonym("who answers for the release", Role.SYSTEM),
    ),
    erasures.ErasureRequested: kept(
        _OFFICER,
        person=pseudonym("who is to be erased"),
        incident=pseudonym("in which case it was asked for"),
        incidents=pseudonym("all cases that name the person, whose holds stand against it", Role.SYSTEM),
        ground=working("on which ground the law lets the record go"),
        reasons=narrative("why that ground is given here, naming nobody"),
        texts=composite("which texts speak of the person, and go too"),
        requested_by=pseudonym("who may not approve it themselves", Role.SYSTEM),
    ),
    erasures.ErasureApproved: kept(
        Role.APPROVER,
        approved_by=pseudonym("who answers for it beside the officer", Role.SYSTEM),
        due_at=working("until when it can be taken back", Role.SYSTEM),
    ),
    erasures.ErasureRefused: kept(
        Role.APPROVER,
        reasons=narrative("why the person stays in the record"),
        refused_by=pseudonym("who decided so", Role.SYSTEM),
    ),
    erasures.ErasureWithdrawn: kept(
        _OFFICER,
        reasons=narrative("why it was taken back"),
        withdrawn_by=pseudonym("who took it back", Role.SYSTEM),
    ),
    erasures.ErasureHeld: kept(Role.SYSTEM, holds=pseudonym("which legal holds stood when it was due")),
    erasures.ErasureCarriedOut: kept(
        Role.SYSTEM,
        keys=pseudonym("which keys are destroyed, again in every copy that is restored"),
        values=working("how many values about the person nobody can read any more"),
        texts=working("how many texts went too"),
        events=working("in how many events these stand"),
    ),
    NamedText: kept(
        _OFFICER,
        position=working("in which event the text stands"),
        path=working("in which field of it"),
    ),
}
