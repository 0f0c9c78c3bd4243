"""Ask that a person be erased from the record, with the texts that speak of them."""

from dataclasses import dataclass
from typing import ClassVar

from domain.erasure.contents import Contents
from domain.erasure.events import ErasureRequested
from domain.erasure.refusals import LegalHoldStands, check_reasons
from domain.erasure.state import Erasure
from domain.erasure.words import ErasureGround, NamedText
from domain.kernel.actor import Stamp
from domain.kernel.envelope import begin, first
from domain.kernel.personal import Narrative
from domain.kernel.refusal import Refusal
from domain.kernel.words import ErasureId, IncidentId, PersonId


@dataclass(frozen=True, kw_only=True, slots=True)
class RequestErasure:
    """Whom, in which case, on which ground, why, and which texts go with them."""

    erasure: ErasureId
    person: PersonId
    incident: IncidentId
    ground: ErasureGround
    reasons: Narrative
    texts: tuple[NamedText, ...]


class RequestedAlready(Refusal):
    """An erasure of this person is under way already."""

    code: ClassVar[str] = "erasure.requested-already"


class NothingToErase(Refusal):
    """Nothing that can still be read names this person."""

    code: ClassVar[str] = "erasure.nothing-to-erase"


class TextUnknown(Refusal):
    """There is no text at this place of the cases that name the person."""

    code: ClassVar[str] = "erasure.text-unknown"


class TextSharesItsKey(Refusal):
    """Other texts were written in the same step and can only go together with this one: name them too."""

    code: ClassVar[str] = "erasure.text-shares-its-key"


def request_erasure(command: RequestErasure, stamp: Stamp, *, contents: Contents) -> Erasure:
    """Record the request, for all cases that name the person.

    Raises:
        ErasureReasonsMissing: nothing was said about why.
        LegalHoldStands: on one of these cases.
        RequestedAlready: another erasure of the person is neither over nor carried out.
        NothingToErase: all that named the person is erased already, and no text is asked for.
        TextUnknown: a place holds no text.
        TextSharesItsKey: a text could only be destroyed together with one that is not named.
    """
    check_reasons(command.reasons)
    if contents.holds:
        raise LegalHoldStands
    if contents.is_requested:
        raise RequestedAlready
    _check_texts(command.texts, contents)
    if not contents.about(command.person) and not any(not text.is_erased for text in contents.texts_at(command.texts)):
        raise NothingToErase
    requested = ErasureRequested(
        **first(Erasure, command.erasure, stamp),
        person=command.person,
        incident=command.incident,
        incidents=contents.incidents,
        ground=command.ground,
        reasons=command.reasons,
        texts=tuple(dict.fromkeys(command.texts)),
        requested_by=stamp.by.id,
    )
    return begin(Erasure, requested)


def _check_texts(places: tuple[NamedText, ...], contents: Contents) -> None:
    found = contents.texts_at(places)
    unknown = set(places) - {text.place for text in found}
    if unknown:
        wrong = [number for number, place in enumerate(places) if place in unknown]
        raise TextUnknown(pointers=tuple(f"/texts/{number}" for number in wrong))
    unnamed = sorted({(text.position, text.path) for text in contents.going_with(found)} - _places(places))
    if unnamed:
        reasons = (f"The text at position {position}, {path}, goes too." for position, path in unnamed)
        raise TextSharesItsKey(*reasons, pointers=("/texts",))


def _places(places: tuple[NamedText, ...]) -> set[tuple[int, str]]:
    return {(place.position, place.path) for place in places}
