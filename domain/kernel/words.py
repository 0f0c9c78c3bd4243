"""The plain words of an event: ids, codes and labels that name nobody.

Every field of an event is classified by its type. The types here (with numbers, booleans, instants, days, ids and
enumerations) are *plain*: they may be read by anyone who may see the event. A bare `str` is not plain: text that a
person wrote is a `Narrative`, a value that identifies somebody is `Personal` (see `personal.py`).
"""

from typing import NewType
from uuid import UUID

Code = NewType("Code", str)
"""A word of a closed or published list: a rule id, a role, a method, a channel."""

Label = NewType("Label", str)
"""The public name of a thing that is not a person: an organisation, a site, a rule, a monitoring group."""

Reference = NewType("Reference", str)
"""A number that another system gave: a local report, a StEIS log, a receipt."""

Digest = NewType("Digest", str)
"""A SHA-256 in lower-case hexadecimal."""

Seed = NewType("Seed", str)
"""What a random sample was drawn with: meaningless characters that were secret until the draw, and public since."""

OperatorNote = NewType("OperatorNote", str)
"""One line that an operator writes about the service itself, for every reader of the log; it is about nobody."""

OdsCode = NewType("OdsCode", str)
"""An organisation's ODS code, upper-case."""

ActorId = NewType("ActorId", UUID)
"""Who acted, as a pseudonym: the token's subject stays sealed."""

PersonId = NewType("PersonId", UUID)
KeyId = NewType("KeyId", UUID)

IncidentId = NewType("IncidentId", UUID)
EvidenceId = NewType("EvidenceId", UUID)
CandourId = NewType("CandourId", UUID)
ResponseId = NewType("ResponseId", UUID)
FindingId = NewType("FindingId", UUID)
AreaId = NewType("AreaId", UUID)
ActionId = NewType("ActionId", UUID)
DutyId = NewType("DutyId", UUID)
PauseId = NewType("PauseId", UUID)
QuestionId = NewType("QuestionId", UUID)
DecisionId = NewType("DecisionId", UUID)
SampleId = NewType("SampleId", UUID)
HoldId = NewType("HoldId", UUID)
ErasureId = NewType("ErasureId", UUID)
RecordId = NewType("RecordId", UUID)
"""One entry of an aggregate that needs no type of its own: a step, a notification, a letter."""
