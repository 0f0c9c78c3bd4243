"""Questions about how long cases are kept."""

from typing import Final

from projections.engine.pages import Order

OLDEST_FIRST: Final = Order("happened_on")
