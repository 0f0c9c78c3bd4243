"""The parser takes what JSON is, and refuses everything else in a way that has a name."""

import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.api.problems import ProblemError
from service.api.strict_json import JsonLimits, parse_json

LIMITS = JsonLimits(size=2000, depth=6, values=60, text=100)
TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=20)
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)


def depth(value: Any) -> int:
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
    return 0 if inside is None else 1 + max(map(depth, inside), default=0)


@given(VALUES)
def test_a_value_comes_back_as_it_was_sent(value: Any) -> None:
    for ascii_only in (True, False):
        sent = json.dumps(value, ensure_ascii=ascii_only).encode()
        assert parse_json(sent, JsonLimits()) == value
        if depth(value) <= LIMITS.depth:
            assert parse_json(sent, LIMITS) == value


@given(st.binary(max_size=60) | st.text('[]{}",:\\\\u0e1-Nal', max_size=40).map(str.encode))
def test_any_bytes_are_a_value_or_a_named_problem(sent: bytes) -> None:
    value = named = None
    try:
        value = parse_json(sent, LIMITS)
    except ProblemError as refused:
        named = refused.kind.status
    assert named in (None, 400, 413, 422)
    json.dumps(value, allow_nan=False).encode()
    json.dumps(value, ensure_ascii=False).encode()
    assert depth(value) <= LIMITS.depth


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        (b"[" * 7 + b"]" * 7, "request.too-deep"),
        (b'{"a":' * 7 + b"1" + b"}" * 7, "request.too-deep"),
        (b"[" + b"1," * 60 + b"1]", "request.too-many-values"),
        (b"{" + b",".join(b'"%d":1' % number for number in range(31)) + b"}", "request.too-many-values"),
        (b'"' + b"a" * 101 + b'"', "request.text-too-long"),
        (b'{"' + b"a" * 101 + b'":1}', "request.text-too-long"),
        (b" " * 2001, "request.too-large"),
    ],
)
def test_each_limit_is_kept_to_the_one(sent: bytes, code: str) -> None:
    with pytest.raises(ProblemError) as refused:
        parse_json(sent, LIMITS)
    assert refused.value.kind.code == code


@pytest.mark.parametrize(
    "sent",
    [
        b"[" * 6 + b"]" * 6,
        b"[" + b"1," * 58 + b"1]",
        b"{" + b",".join(b'"%d":1' % number for number in range(29)) + b"}",
        b'"' + b"a" * 100 + b'"',
        b'"' + b"\xc3\xa9" * 100 + b'"',
        b"1" + b" " * 1999,
    ],
)
def test_what_is_just_within_the_limits_is_taken(sent: bytes) -> None:
    assert parse_json(sent, LIMITS) == json.loads(sent)


def test_where_a_text_is_at_fault_is_said_by_pointer() -> None:
    with pytest.raises(ProblemError) as refused:
        parse_json(b'{"patients":[{"name":"a\\u0000"}]}', JsonLimits())
    assert [error.pointer for error in refused.value.errors] == ["/patients/0/name"]


def test_the_largest_numbers_are_kept_exactly() -> None:
    assert parse_json(b"[9007199254740991,-9007199254740991,1.7976931348623157e308,-0.0]", JsonLimits()) == [
        2**53 - 1, -(2**53) + 1, 1.7976931348623157e308, 0.0,
    ]  # fmt: skip
    assert math.copysign(1, parse_json(b"-0.0", JsonLimits())) == -1
