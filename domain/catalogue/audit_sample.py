"""Stored names of the facts about random samples: chosen by hand, frozen once released."""

from typing import Final

from domain.audit_sample.events import SampleCommitted, SampleDrawn
from domain.catalogue.stored import Stored

STORED: Final = (
    Stored("audit_sample.committed.v1", SampleCommitted),
    Stored("audit_sample.drawn.v1", SampleDrawn),
)
