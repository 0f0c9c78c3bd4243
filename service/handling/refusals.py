"""Why a command is not taken before any rule of the field is asked."""

from typing import ClassVar
from uuid import UUID

from domain.kernel.refusal import Refusal


class RecordNotFound(Refusal):
    """There is no such record, or it is not yours to see."""

    code: ClassVar[str] = "resource.not-found"


class NotPermitted(Refusal):
    """Your roles do not allow this command on this record."""

    code: ClassVar[str] = "access.not-permitted"


class VersionStale(Refusal):
    """The record has changed since the version named in If-Match."""

    code: ClassVar[str] = "concurrency.stale-version"

    def __init__(self, version: int) -> None:
        super().__init__(f"The record is at version {version}.")
        self.version = version


class KeyReused(Refusal):
    """The idempotency key was used before with another request."""

    code: ClassVar[str] = "idempotency.key-reused"


class StillRunning(Refusal):
    """A request with this idempotency key is still running; try again."""

    code: ClassVar[str] = "idempotency.in-progress"


class TooContended(Refusal):
    """The record changed again and again while the command was decided; try again."""

    code: ClassVar[str] = "concurrency.conflict"


class EffectiveInFuture(Refusal):
    """A fact cannot become true in the future."""

    code: ClassVar[str] = "time.effective-in-future"


class OrganisationUnknown(Refusal):
    """The organisation is not registered here."""

    code: ClassVar[str] = "organisation.unknown"


class ReferenceTaken(Refusal):
    """The local reference was reported before; the answer links to the first report."""

    code: ClassVar[str] = "incident.reference-taken"

    def __init__(self, stream: UUID) -> None:
        super().__init__("The same source system and local reference stand for an earlier report of this provider.")
        self.stream = stream


class OrganisationTaken(Refusal):
    """An organisation with this ODS code is registered already."""

    code: ClassVar[str] = "organisation.taken"


class CasesOfSeveralProviders(Refusal):
    """A response or action belongs to one provider's record: name incidents of one provider."""

    code: ClassVar[str] = "incident.several-providers"
