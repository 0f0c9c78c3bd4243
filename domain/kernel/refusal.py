"""A command that is not taken: a rule of the field said no."""

from typing import ClassVar


class Refusal(Exception):  # noqa: N818 - a refusal says what is wrong; it is not a failure of ours
    """The command is refused and nothing is recorded.

    `code` is public and stable (`<aggregate>.<what-is-wrong>`); the first line of the class docstring is its title.
    `reasons` are facts for the caller, one sentence each, and never hold a personal value. `pointers` name the fields
    at fault as JSON pointers into the command's body.
    """

    code: ClassVar[str] = ""

    def __init__(self, *reasons: str, pointers: tuple[str, ...] = ()) -> None:
        super().__init__(self.code, *reasons)
        self.reasons = reasons
        self.pointers = pointers

    @classmethod
    def title(cls) -> str:
        """What is wrong, in one sentence that fits every case."""
        return (cls.__doc__ or cls.__name__).strip().splitlines()[0]
