"""An explanation as it is handed out, page by page, and put together again by whoever has every page."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import orjson
from pydantic import TypeAdapter, ValidationError

from projections.explaining.explanation import Explanation, positions_of

_WRITTEN: Final[TypeAdapter[Explanation]] = TypeAdapter(Explanation)
_GROUNDS: Final = "grounds"
_OF_THE_PAGE: Final = ("total", "next")
"""What a page says of itself: how many grounds there are in all, and where the next page is."""


class PagesIncompleteError(Exception):
    """These pages are not all pages of one explanation; the message says what is wrong."""


def written(explanation: Explanation, *, offset: int, limit: int) -> dict[str, Any]:
    """The page of an explanation that begins with the ground of this number, as JSON has it."""
    page: dict[str, Any] = _WRITTEN.dump_python(explanation, mode="json")
    grounds = page[_GROUNDS]
    return {**page, _GROUNDS: grounds[offset : offset + limit], "total": len(grounds)}


def joined(pages: Sequence[Mapping[str, Any]]) -> Explanation:
    """The explanation that these pages are, in their order.

    Raises:
        PagesIncompleteError: a page is missing, given twice, or of another explanation.
    """
    if not pages:
        raise PagesIncompleteError("there is no page")
    heads = [{name: value for name, value in page.items() if name not in (_GROUNDS, "next")} for page in pages]
    if any(head != heads[0] for head in heads):
        raise PagesIncompleteError("they are pages of different explanations")
    grounds = [ground for page in pages for ground in page[_GROUNDS]]
    if len(grounds) != pages[0]["total"]:
        raise PagesIncompleteError(f"there are {pages[0]['total']} grounds, and these pages have {len(grounds)}")
    body = {name: value for name, value in heads[0].items() if name not in _OF_THE_PAGE}
    try:
        explanation = _WRITTEN.validate_json(orjson.dumps({**body, _GROUNDS: grounds}))
    except ValidationError as error:
        raise PagesIncompleteError("this is no explanation") from error
    if positions_of(explanation.grounds) != explanation.positions:
        raise PagesIncompleteError("their positions do not have the digest that they state")
    return explanation
