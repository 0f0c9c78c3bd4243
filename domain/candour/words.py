"""The codes of candour that rules look at; every other channel or outcome is kept as it was sent."""

from typing import Final

from domain.kernel.words import Code

IN_PERSON: Final = Code("in_person")
"""The channel of a conversation face to face, which regulation 20(3)(a) asks for."""

CANNOT_BE_CONTACTED: Final = Code("cannot_be_contacted")
"""The outcome of the attempt after which nobody expects to reach the person (20(5))."""
