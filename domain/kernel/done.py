"""What a fact does towards a duty: the bridge between events and the `met_by` of a policy rule."""

from dataclasses import dataclass
from datetime import datetime

from domain.kernel.words import Code, PersonId, ResponseId


@dataclass(frozen=True, slots=True)
class Done:
    """Something that a rule may name as what meets it, sets it aside or revives it.

    `code` is `<aggregate>.<fact>` with a qualifier after a colon where the rule needs one
    (`incident.notified:commissioner`); `at` is when it became true; `person` is whom it was done for, where the duty
    is owed to each relevant person; `response` which learning response did it, or which it was done about.
    """

    code: Code
    at: datetime
    person: PersonId | None = None
    response: ResponseId | None = None
