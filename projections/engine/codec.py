"""State to bytes and back, exactly: what is loaded equals what was kept, and equal states have equal bytes."""

import json
from typing import Any, Final, Generic, TypeVar

from pydantic import TypeAdapter

from projections.engine.model import AnyReadModel, ReadModelShapeError

Kept = TypeVar("Kept")


class StateCodec(Generic[Kept]):
    """Reads and writes the state of one read model."""

    def __init__(self, state: type[Kept]) -> None:
        self._adapter: TypeAdapter[Kept] = TypeAdapter(state)
        if '"uniqueItems": true' in json.dumps(self._adapter.json_schema()):
            raise ReadModelShapeError(f"{state.__qualname__} holds a set, whose order is not kept: use a tuple")

    def encode(self, state: Kept) -> bytes:
        """The bytes of a state."""
        return self._adapter.dump_json(state, warnings="error")

    def decode(self, stored: bytes) -> Kept:
        """The state that was written."""
        return self._adapter.validate_json(stored)


_CODECS: Final[dict[type[Any], StateCodec[Any]]] = {}


def codec_of(model: AnyReadModel) -> StateCodec[Any]:
    """The codec of a read model's state, made once."""
    if model.state not in _CODECS:
        _CODECS[model.state] = StateCodec(model.state)
    return _CODECS[model.state]
