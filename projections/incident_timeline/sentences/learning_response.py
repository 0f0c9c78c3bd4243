"""What the events of learning responses say."""

from collections.abc import Callable
from typing import Any, Final

from domain.learning_response.events import (
    AreaForImprovementNamed,
    DraftPutForward,
    DraftReturned,
    FindingLeftWithoutAction,
    FindingMade,
    LeadAppointed,
    ResponseApproved,
    ResponseCommissioned,
    ResponseReceived,
    ResponseSubmitted,
    SharingWaived,
)
from projections.incident_timeline.sentences.wording import count, listed, words


def commissioned(fact: ResponseCommissioned) -> str:
    """By which method."""
    return f"A learning response was commissioned: {words(fact.method)}."


def lead(fact: LeadAppointed) -> str:
    """That somebody leads it."""
    where = "from outside the service" if fact.independent_of_service else "from within the service"
    return f"A lead {where} was appointed ({fact.role})."


def finding(fact: FindingMade) -> str:
    """What the finding rests on."""
    evidence = count(len(fact.evidence), "item of evidence", "items of evidence")
    cited = [evidence] if fact.evidence else []
    cited += [count(len(fact.factors), "system factor")] if fact.factors else []
    return f"A finding was made, citing {listed(cited) or 'nothing'}."


def area(fact: AreaForImprovementNamed) -> str:
    """Where the system should change."""
    return f"An area for improvement was named, from {count(len(fact.findings), 'finding')}."


def without_action(_fact: FindingLeftWithoutAction) -> str:
    """That nothing follows from a finding."""
    return "A reason was recorded why no action follows from a finding."


def approved(fact: ResponseApproved) -> str:
    """Signed off."""
    return f"The learning response ({words(fact.method)}) was approved."


def submitted(fact: ResponseSubmitted) -> str:
    """To whom it went."""
    return f"The report and action plan ({words(fact.method)}) were submitted to {fact.to}."


def received(fact: ResponseReceived) -> str:
    """Who has it."""
    return f"{fact.by} confirmed receipt of the report ({words(fact.method)})."


def put_forward(_fact: DraftPutForward) -> str:
    """That the approver has the draft."""
    return "The draft of the report was put forward to its approver."


def returned(_fact: DraftReturned) -> str:
    """That the approver gave it back."""
    return "The draft of the report was returned for more work."


def waived(_fact: SharingWaived) -> str:
    """That it is not shared."""
    return "A reason was recorded why the findings are not shared with those affected."


SENTENCES: Final[dict[type[Any], Callable[[Any], str]]] = {
    ResponseCommissioned: commissioned,
    LeadAppointed: lead,
    FindingMade: finding,
    AreaForImprovementNamed: area,
    FindingLeftWithoutAction: without_action,
    ResponseApproved: approved,
    ResponseSubmitted: submitted,
    ResponseReceived: received,
    DraftPutForward: put_forward,
    DraftReturned: returned,
    SharingWaived: waived,
}
