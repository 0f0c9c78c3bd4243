"""Persons in events: sealed before an event is stored, opened for those who may read it."""

from service.store.sealing.opener import KeyMissingError, Opener
from service.store.sealing.pen import Pen

__all__ = ["KeyMissingError", "Opener", "Pen"]
