"""What a case takes: everything while it is open, some things once it is closed, nothing once entered in error."""

from typing import ClassVar

from domain.incident.state import Incident
from domain.kernel.personal import Narrative
from domain.kernel.refusal import Refusal


class CaseClosed(Refusal):
    """The case is closed and does not take this; reopen it first."""

    code: ClassVar[str] = "incident.case-closed"


class CaseEnteredInError(Refusal):
    """The report was entered in error; its case takes nothing more."""

    code: ClassVar[str] = "incident.case-entered-in-error"


class ReasonMissing(Refusal):
    """A reason has to be given in words, because it is what others will read later."""

    code: ClassVar[str] = "incident.reason-missing"


def check_stands(incident: Incident) -> None:
    """Let an open or closed case pass: a closed one still takes what becomes known.

    Raises:
        CaseEnteredInError: it was entered in error.
    """
    if incident.is_entered_in_error:
        raise CaseEnteredInError


def check_open(incident: Incident) -> None:
    """Let only an open case pass.

    Raises:
        CaseEnteredInError: it was entered in error.
        CaseClosed: it is closed.
    """
    check_stands(incident)
    if incident.is_closed:
        raise CaseClosed


def check_reason(reason: Narrative | None, pointer: str = "/reason") -> None:
    """Let only words pass that say something.

    Raises:
        ReasonMissing: there are none, or they are blank.
    """
    if is_blank(reason):
        raise ReasonMissing(pointers=(pointer,))


def is_blank(text: Narrative | None) -> bool:
    """Whether nothing was written."""
    return text is None or (isinstance(text.words, str) and not text.words.strip())
