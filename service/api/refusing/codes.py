"""Every problem that the HTTP edge itself can answer: its code, status, title and what a client can do about it."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class ProblemKind:
    """One kind of problem. `code` is public and stable; `retry_after` is in seconds, where trying again helps."""

    code: str
    status: int
    title: str
    advice: str = ""
    retry_after: int | None = None

    @property
    def type(self) -> str:
        """The URL path that names this kind of problem for ever."""
        return f"/problems/{self.code}"


_AGAIN = "Nothing was stored. Send the same request again, with the same Idempotency-Key, after the time given."
_SAME_KEY = "Send the same request with the same Idempotency-Key: it tells whether the command was taken."
_JSON = "Send one JSON object (RFC 8259) in UTF-8 without a byte order mark."

_KINDS: Final = (
    ProblemKind("request.malformed", 400, "The body is not well-formed JSON", _JSON),
    ProblemKind("request.encoding", 400, "The body is not UTF-8", _JSON),
    ProblemKind("request.duplicate-key", 400, "An object of the body names a field twice", "Name each field once."),
    ProblemKind(
        "request.not-a-number", 400, "The body holds a number that is not finite", "Leave NaN and Infinity out."
    ),
    ProblemKind("request.too-deep", 400, "The body is nested too deeply", "Nest objects and lists no deeper than 32."),
    ProblemKind("request.incomplete", 400, "The body ended before it was complete", "Send the request again."),
    ProblemKind("request.header-invalid", 400, "A request header has a form that is not taken", "See errors[]."),
    ProblemKind("request.parameter-invalid", 400, "A query parameter has a form that is not taken", "See errors[]."),
    ProblemKind("request.parameter-unknown", 400, "A query parameter is not known", "Misspelt filters are refused."),
    ProblemKind("request.parameter-repeated", 400, "A query parameter is given twice", "Give each parameter once."),
    ProblemKind(
        "request.cursor-invalid",
        400,
        "The cursor does not belong to this list",
        "Follow the next link as it was given, with the same filters; or begin the list again without a cursor.",
    ),
    ProblemKind("identity.token-missing", 401, "A bearer token is needed", "Send Authorization: Bearer <token>."),
    ProblemKind(
        "identity.token-refused",
        401,
        "The bearer token is not accepted",
        "Ask the issuer for a new token: it may have expired, or be meant for another service.",
    ),
    ProblemKind(
        "access.not-permitted",
        403,
        "Your role may not do this",
        "The record exists for you, but this is for another role or another organisation.",
    ),
    ProblemKind(
        "resource.not-found", 404, "There is no such thing", "It does not exist, or does not exist for this caller."
    ),
    ProblemKind("request.method-not-allowed", 405, "This address does not take that method", "See the Allow header."),
    ProblemKind(
        "request.not-acceptable",
        406,
        "The answer cannot be given in that form",
        "Lists come as application/json, text/csv and application/x-ndjson; everything else as application/json.",
    ),
    ProblemKind(
        "proof.not-covered",
        409,
        "No checkpoint covers the event yet",
        "The proof follows the log within seconds. Ask again.",
        retry_after=1,
    ),
    ProblemKind(
        "proof.cosignature-refused",
        422,
        "The line is no known witness's cosignature of this checkpoint",
        "Cosign the text of the note, as it is, with a key that the settings of the service name.",
    ),
    ProblemKind(
        "proof.damaged",
        500,
        "The stored proof is damaged",
        "The service's status says so too. Keep the checkpoints that you have: they show what was signed.",
    ),
    ProblemKind(
        "projection.other-version",
        409,
        "Another version of the read model answers",
        "The answer is reproduced by the same version only. Ask without the version, and compare what differs.",
    ),
    ProblemKind(
        "explanation.too-large",
        422,
        "The figure counts too many rows to be explained at once",
        "Narrow it with the filters of the summary, and add the parts up.",
    ),
    ProblemKind("request.too-slow", 408, "The body did not arrive in time", "Send the request again.", 5),
    ProblemKind(
        "idempotency.in-progress",
        409,
        "A request with the same Idempotency-Key is still running",
        "Send it again after the time given: it answers what the first one did.",
        1,
    ),
    ProblemKind(
        "concurrency.conflict",
        409,
        "The record kept changing while the command was decided",
        "Nothing was stored. Read the record again and repeat the command.",
        1,
    ),
    ProblemKind(
        "concurrency.stale-version",
        412,
        "The record has changed since the version in If-Match",
        "Read the record again, decide again, and send the new version.",
    ),
    ProblemKind("request.too-large", 413, "The body is too large", "Send less at once; see the limit in the detail."),
    ProblemKind("request.too-many-values", 413, "The body holds too many values", "Send less at once."),
    ProblemKind("request.content-type", 415, "The body must be JSON", "Send Content-Type: application/json."),
    ProblemKind(
        "request.content-encoding", 415, "Compressed bodies are not taken", "Send the body without Content-Encoding."
    ),
    ProblemKind("request.invalid", 422, "The body does not say what the command needs", "See errors[]."),
    ProblemKind(
        "request.unknown-field", 422, "The body names a field that is not known", "A misspelt field must not vanish."
    ),
    ProblemKind(
        "request.unsafe-text",
        422,
        "A text holds a character that is not taken",
        "Lone surrogates and control characters other than tab, newline and carriage return are refused.",
    ),
    ProblemKind("request.number-range", 422, "A number is out of range", "Integers go from -(2^53 - 1) to 2^53 - 1."),
    ProblemKind("request.text-too-long", 422, "A text is too long", "See the limit in the detail."),
    ProblemKind(
        "idempotency.key-reused",
        422,
        "The Idempotency-Key was used before with another body",
        "Use a new key for a new command; keys never expire.",
    ),
    ProblemKind("service.rate-limited", 429, "Too many requests", "Slow down and try again after the time given.", 5),
    ProblemKind(
        "service.failed",
        500,
        "Something failed that should not have",
        f"The service has recorded the failure under the request's id. {_SAME_KEY}",
    ),
    ProblemKind(
        "explanation.unfounded",
        500,
        "The read model shows what its events do not tell",
        "It must be rebuilt from the ledger; the request's id leads to where it was noticed.",
    ),
    ProblemKind("service.overloaded", 503, "The service has too much to do at once", _AGAIN, 1),
    ProblemKind("service.stopping", 503, "The service is stopping", _AGAIN, 5),
    ProblemKind("service.busy", 503, "The ledger has too much to write at once", _AGAIN, 1),
    ProblemKind("service.unavailable", 503, "The ledger cannot be reached", _AGAIN, 5),
    ProblemKind(
        "service.read-not-recorded",
        503,
        "The read could not be written down, so nothing is shown",
        "Who reads a case is written down before anything of it is shown. Send the same request again after the time given.",
        1,
    ),
    ProblemKind("service.outcome-unknown", 503, "It is not known whether the command was taken", _SAME_KEY, 1),
    ProblemKind(
        "service.not-yet-visible",
        503,
        "The list has not reached that position yet",
        "Ask again after the time given, or without min_position.",
        1,
    ),
    ProblemKind("identity.issuer-unavailable", 503, "The issuer's keys cannot be read", "Try again later.", 30),
)

EDGE_PROBLEMS: Final = {kind.code: kind for kind in _KINDS}
"""The edge's own problems by code; the refusals of the domain are in `refusals.py`."""
