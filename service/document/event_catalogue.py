"""The catalogue of events for people: `openapi/events.md`."""

from collections.abc import Iterator
from inspect import cleandoc
from itertools import groupby
from typing import Final

from domain.catalogue.fields.described import DataClass
from domain.catalogue.names import ALL
from domain.catalogue.stored import Stored
from service.document.described_fields import described_fields

_INTRODUCTION: Final = """# The catalogue of events

Every fact that the ledger keeps, made from the code. A stored name is for ever; a field that was added later may be
absent from older events. `owner` is the role that answers for what a field holds. Sealed classes are ciphertext in the
log. This is where an impact assessment begins: which data are kept, about whom, and what for.

| class of data | meaning |
|---|---|
"""
_MEANINGS: Final = {
    DataClass.PSEUDONYM: "an id that the ledger drew: of a record, or of a person whom it does not name",
    DataClass.ORGANISATION: "a public code, name or plan of an organisation, or a place in it",
    DataClass.WORKING: "a word of a list, a date, a number, a reference: how the case was worked on",
    DataClass.HEALTH: "about the health or care of somebody whom it does not name",
    DataClass.PERSONAL: "identifies one person; sealed under that person's key",
    DataClass.NARRATIVE: "what somebody wrote, which may name anyone; sealed under a key of its own",
    DataClass.COMPOSITE: "made of the fields under it",
}


def catalogue_markdown() -> str:
    """The text of `openapi/events.md`.

    Raises:
        FieldUndescribedError: a field of an event is not described.
    """
    meanings = "".join(f"| {each} | {meaning} |\n" for each, meaning in _MEANINGS.items())
    return _INTRODUCTION + meanings + "".join(_sections())


def _sections() -> Iterator[str]:
    for aggregate, stored in groupby(ALL, key=lambda each: each.name.split(".", 1)[0]):
        yield f"\n## {aggregate.replace('_', ' ').capitalize()}\n"
        for each in stored:
            yield _section(each)


def _section(stored: Stored) -> str:
    said = cleandoc(stored.event.__doc__ or "")
    lines = "".join(
        f"| `{each.path}`{' (may be absent)' if each.optional else ''} | {each.data_class} | {each.owner} |"
        f" {each.purpose} |\n"
        for each in described_fields(stored.event)
    )
    table = f"\n| field | class | owner | purpose |\n|---|---|---|---|\n{lines}" if lines else ""
    return f"\n### `{stored.name}`\n\n{said}\n{table}"
