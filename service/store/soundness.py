"""What every append must be, whatever the ledger holds: mistakes of the caller's code, found before anything is sent."""

from collections.abc import Iterator
from uuid import UUID

from service.store.ledger import OPENED, AppendInvalidError, AppendRequest, NewEvent


def check_request(request: AppendRequest) -> None:
    """Pass a request that can be stored.

    Raises:
        AppendInvalidError: it can never be stored as it is.
    """
    for complaint in _complaints(request):
        raise AppendInvalidError(complaint)


def _complaints(request: AppendRequest) -> Iterator[str]:
    if not request.events:
        yield "an append has at least one event"
    if request.expected_version < 0:
        yield "an expected version is 0 or more"
    if not request.key or not request.body:
        yield "an append carries an idempotency key and the digest of its body"
    if request.born and request.events[0].type != OPENED:
        yield f"a ledger begins with {OPENED}"
    if request.clock is not None and request.clock.tzinfo is None:
        yield "a clock names its zone"
    if not all(map(_can_be_stored, _texts(request))):
        yield "text holds neither a NUL nor half a character"
    yield from _complaints_about_events(request.events)
    yield from _complaints_about_repeats(request)


def _complaints_about_events(events: tuple[NewEvent, ...]) -> Iterator[str]:
    if any(event.effective_at.tzinfo is None for event in events):
        yield "an instant names its zone"
    if len({event.event_id for event in events}) < len(events):
        yield "an event id is used once"


def _complaints_about_repeats(request: AppendRequest) -> Iterator[str]:
    if len(set(request.claims)) < len(request.claims):
        yield "a digest is claimed once"
    keys: list[UUID] = [key.key_id for key in request.new_keys]
    if len(set(keys)) < len(keys):
        yield "a key id is new once"


def _texts(request: AppendRequest) -> Iterator[str]:
    yield from (request.kind, request.organisation, request.build, request.correlation or "")
    for event in request.events:
        yield event.type
        yield from event.editions
    for key in request.new_keys:
        yield key.kek


def _can_be_stored(text: str) -> bool:
    return "\x00" not in text and (text.isascii() or not any("\ud800" <= letter <= "\udfff" for letter in text))
