"""What is written down about requests: fields from a short list, never a value that was sent."""

import sys
import traceback
from pathlib import Path
from typing import BinaryIO, Final

import orjson
import structlog
from structlog.typing import FilteringBoundLogger

_FRAMES: Final = 12


def json_logger(stream: BinaryIO | None = None) -> FilteringBoundLogger:
    """A logger that writes one JSON object a line, to standard error unless told otherwise."""
    logger: FilteringBoundLogger = structlog.wrap_logger(
        structlog.BytesLogger(stream or sys.stderr.buffer),
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
            structlog.processors.JSONRenderer(serializer=orjson.dumps),
        ],
        wrapper_class=structlog.make_filtering_bound_logger("info"),
        cache_logger_on_first_use=True,
    )
    return logger


def failure_fields(error: BaseException) -> dict[str, object]:
    """What an unexpected failure was and where, without its message: messages quote values."""
    frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
    where = [f"{Path(frame.filename).stem}:{frame.lineno} {frame.name}" for frame in frames]
    cause = error.__cause__ or error.__context__
    return {"error": type(error).__name__, "cause": type(cause).__name__ if cause else None, "where": where}
