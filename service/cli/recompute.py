"""`incident-ledger recompute`: a figure worked out again from its explanation and the events that it names, offline."""

from pathlib import Path
from typing import Annotated, Final

import typer

HOLDS: Final = 0
DIFFERS: Final = 1
CANNOT_CHECK: Final = 2


def recompute(
    pages: Annotated[
        list[Path], typer.Argument(help="The pages of one explanation, in their order, each as it was answered.")
    ],
    events: Annotated[
        Path, typer.Option(help="The events, one a line: from /v1/events as NDJSON, from an export, or from a pack.")
    ],
) -> None:
    """Work a figure out again; ends with 0 where it is the one stated, 1 where it is not, 2 where it could not check."""
    code, sentence = checked(pages, events)
    typer.echo(sentence)
    raise SystemExit(code)


def checked(pages: list[Path], events: Path) -> tuple[int, str]:
    """How it ended, and what there is to say."""
    import orjson

    from domain.catalogue.names import StoredNameUnknownError
    from projections.explaining import recomputing
    from projections.explaining.pages import PagesIncompleteError, joined
    from service.reading.audit.lines import told_among
    from service.store.codec import CodecError

    unable = (recomputing.FigureUnknownError, recomputing.ProjectionDiffersError, recomputing.PositionsMissingError)
    try:
        explanation = joined([orjson.loads(page.read_bytes()) for page in pages])
        with events.open("rb") as lines:
            told = told_among(lines, {ground.position for ground in explanation.grounds})
        found = recomputing.recompute(explanation, told)
    except unable as error:
        return CANNOT_CHECK, f"could not check: {error}"
    except (recomputing.CannotRecomputeError, CodecError) as error:
        return DIFFERS, f"does not hold: {error}"
    except (PagesIncompleteError, StoredNameUnknownError, ValueError, OSError) as error:
        return CANNOT_CHECK, f"could not check: {error}"
    name = f"{explanation.figure} of {explanation.summary}"
    if found != explanation.value:
        return DIFFERS, f"does not hold: {name} is stated as {explanation.value}, and its events say {found}"
    return HOLDS, f"holds: {name} is {found}, by {explanation.positions.total} events"
