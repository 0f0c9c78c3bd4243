"""Refusals that several commands on an erasure share."""

from typing import ClassVar

from domain.kernel.personal import Narrative
from domain.kernel.refusal import Refusal


class ErasureReasonsMissing(Refusal):
    """Reasons have to be given in words: once a person is erased they are all that is left to answer with."""

    code: ClassVar[str] = "erasure.reasons-missing"


class LegalHoldStands(Refusal):
    """A legal hold stands on a case that names the person: nothing of it is erased while it does."""

    code: ClassVar[str] = "erasure.legal-hold-stands"


class NotWaiting(Refusal):
    """The erasure does not wait for a decision any more."""

    code: ClassVar[str] = "erasure.not-waiting"


class OwnDecision(Refusal):
    """An erasure is approved or refused by somebody who did not ask for it."""

    code: ClassVar[str] = "erasure.own-decision"


def check_reasons(reasons: Narrative) -> None:
    """Let only words pass that say something.

    Raises:
        ErasureReasonsMissing: they are blank.
    """
    if isinstance(reasons.words, str) and not reasons.words.strip():
        raise ErasureReasonsMissing(pointers=("/reasons",))
