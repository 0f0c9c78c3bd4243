"""What a field may be made of."""

from dataclasses import dataclass, field
from typing import Any, NewType

import pytest

from domain.kernel.envelope import Fact
from domain.kernel.personal import Narrative
from domain.kernel.words import Code
from service.store.codec.shape import Maybe, Plain, Secret, UnclassifiedFieldError, has_secrets, shape_of

Ratio = NewType("Ratio", float)


def an_event(annotation: Any, **given: Any) -> type[Any]:
    members: dict[str, Any] = {"__annotations__": {"it": annotation}, **given}
    event: type[Any] = dataclass(frozen=True)(type("Told", (Fact,), members))
    return event


def test_the_envelope_is_no_part_of_an_event() -> None:
    assert [part.name for part in shape_of(an_event(Code)).parts] == ["it"]


def test_an_optional_narrative_is_found_to_be_sealed() -> None:
    shape = shape_of(an_event(Narrative | None))

    assert shape.parts[0].shape == Maybe(Secret(Narrative))
    assert has_secrets(shape)
    assert not has_secrets(shape_of(an_event(Code)))


def test_a_word_is_plain_because_it_has_a_name_of_its_own() -> None:
    assert shape_of(an_event(Code)).parts[0].shape == Plain(str)


def test_a_name_for_a_type_that_is_not_plain_is_refused() -> None:
    with pytest.raises(UnclassifiedFieldError, match=r"Told\.it"):
        shape_of(an_event(Ratio))


def test_a_field_added_later_must_be_none_in_older_events() -> None:
    assert shape_of(an_event(Code | None, it=None)).parts[0].optional

    defaults: list[Any] = ["x", field(default_factory=tuple)]
    for default in defaults:
        with pytest.raises(UnclassifiedFieldError, match="only have None"):
            shape_of(an_event(Code, it=default))
