"""Stored names of the facts about the access log: chosen by hand, frozen once released."""

from typing import Final

from domain.access_log.events import AccessDayBegun, AccessLogDigested
from domain.catalogue.stored import Stored

STORED: Final = (
    Stored("access_log.day_begun.v1", AccessDayBegun),
    Stored("access_log.digested.v1", AccessLogDigested),
)
