"""New ids: UUIDs of version 7, in order of time."""

from uuid import UUID

from uuid_utils.compat import uuid7


def new_id() -> UUID:
    """An id that nothing has had before."""
    return uuid7()
