"""Every setting of the service, read from the environment here and nowhere else.

A secret may also be given as a file: the variable's name with `_FILE` added, holding the path. A variable that begins
with `INCIDENT_LEDGER_` and is not listed here is refused, because a misspelt setting must not be silently ignored.
"""

import os
import re
from collections.abc import Mapping
from dataclasses import Field, dataclass, field, fields
from datetime import date
from pathlib import Path
from typing import Any, Final, Literal, get_args
from urllib.parse import urlsplit

from domain.kernel.working_days import Proclaimed

Mode = Literal["development", "production"]

CALENDAR_YEARS: Final = range(2012, 2036)
"""The years whose bank holidays are known."""

_PREFIX: Final = "INCIDENT_LEDGER_"
_FILE: Final = "_FILE"
_PATHS: Final = ("home", "keys_folder", "transit_token_file")
_LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_PROCLAIMED: Final = re.compile(r"(-?)(\d{4}-\d{2}-\d{2})", re.ASCII)
_SATURDAY: Final = 5


class SettingInvalidError(Exception):
    """Settings that cannot be used; `complaints` holds one sentence for each. No value of a secret is repeated."""

    def __init__(self, *complaints: str) -> None:
        super().__init__("; ".join(complaints))
        self.complaints = complaints


def _about(name: str, says: str, *, secret: bool = False) -> dict[str, Any]:
    return {"name": name, "says": says, "secret": secret}


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How the service runs. Each field's variable and meaning stand beside it; `doctor` prints them."""

    database_url: str | None = field(
        default=None,
        repr=False,
        metadata=_about(
            "DATABASE_URL",
            "PostgreSQL 15 or later, as the user that owns the ledger's database; without it the embedded server is used",
            secret=True,
        ),
    )
    home: Path = field(
        default=Path(".incident-ledger"),
        metadata=_about("INCIDENT_LEDGER_HOME", "the folder of the embedded database, keys and logs"),
    )
    mode: Mode = field(
        default="development",
        metadata=_about(
            "INCIDENT_LEDGER_MODE", "development, or production (no local token issuer, no simulated clock)"
        ),
    )
    writer_url: str | None = field(
        default=None,
        repr=False,
        metadata=_about(
            "INCIDENT_LEDGER_WRITER_URL", "the database as the role that may append; else made by migrate", secret=True
        ),
    )
    projector_url: str | None = field(
        default=None,
        repr=False,
        metadata=_about(
            "INCIDENT_LEDGER_PROJECTOR_URL",
            "the database as the role that keeps the read models; else made by migrate",
            secret=True,
        ),
    )
    reader_url: str | None = field(
        default=None,
        repr=False,
        metadata=_about(
            "INCIDENT_LEDGER_READER_URL", "the database as the role that reads; else made by migrate", secret=True
        ),
    )
    keys_folder: Path | None = field(
        default=None,
        metadata=_about(
            "INCIDENT_LEDGER_KEYS",
            "the folder of the keys that hide persons and sign tokens, backed up apart from the database;"
            " else the folder keys of the home",
        ),
    )
    keeper_url: str | None = field(
        default=None,
        repr=False,
        metadata=_about(
            "INCIDENT_LEDGER_KEEPER_URL", "a PostgreSQL database that keeps the key-encryption keys", secret=True
        ),
    )
    transit_url: str | None = field(
        default=None,
        metadata=_about("INCIDENT_LEDGER_TRANSIT_URL", "a key service (Vault, OpenBao) that wraps them (https)"),
    )
    transit_key: str = field(
        default="incident-ledger", metadata=_about("INCIDENT_LEDGER_TRANSIT_KEY", "the key service's key for that")
    )
    transit_token_file: Path | None = field(
        default=None,
        metadata=_about("INCIDENT_LEDGER_TRANSIT_TOKEN_FILE", "the file of its token, read anew each time"),
    )
    witness_list: str | None = field(
        default=None,
        metadata=_about("INCIDENT_LEDGER_WITNESSES", "who cosigns checkpoints: `<verifier key> <address>`, and so on"),
    )
    issuer: str | None = field(
        default=None,
        metadata=_about(
            "INCIDENT_LEDGER_ISSUER", "the token issuer (iss) that is trusted; without it, in development, a local one"
        ),
    )
    audience: str = field(
        default="incident-ledger",
        metadata=_about("INCIDENT_LEDGER_AUDIENCE", "the audience (aud) that a token must name"),
    )
    jwks_url: str | None = field(
        default=None,
        metadata=_about("INCIDENT_LEDGER_JWKS_URL", "where the issuer's public keys are fetched (https)"),
    )
    issuer_algorithms: str = field(
        default="ES256",
        metadata=_about("INCIDENT_LEDGER_ISSUER_ALGORITHMS", "what the issuer may sign with, separated by commas"),
    )
    reading_connections: int = field(
        default=10,
        metadata=_about("INCIDENT_LEDGER_READING_CONNECTIONS", "database connections for queries, in each process"),
    )
    writes_in_flight: int = field(
        default=1024,
        metadata=_about(
            "INCIDENT_LEDGER_WRITES_IN_FLIGHT",
            "commands handled at once, in each process; beyond it callers are told to try again",
        ),
    )
    reads_in_flight: int = field(
        default=256,
        metadata=_about(
            "INCIDENT_LEDGER_READS_IN_FLIGHT",
            "queries answered at once, in each process; beyond it callers are told to try again",
        ),
    )
    digest_seconds: int = field(
        default=60,
        metadata=_about(
            "INCIDENT_LEDGER_DIGEST_SECONDS",
            "how often the access log is committed to the ledger, where somebody has read since",
        ),
    )
    stop_seconds: int = field(
        default=20,
        metadata=_about("INCIDENT_LEDGER_STOP_SECONDS", "how long a stopping server waits for what is in flight"),
    )
    proclaimed_holidays: Proclaimed | None = field(
        default=None,
        metadata=_about(
            "INCIDENT_LEDGER_PROCLAIMED_HOLIDAYS",
            "bank holidays of England proclaimed since this program was built, as 2027-06-14, and with - before it a"
            " day that is no bank holiday any more, separated by commas; open clocks are re-dated at the next start",
        ),
    )

    @property
    def keys(self) -> Path:
        """The folder of secrets that were made here (mode 0700, its files 0600)."""
        return self.keys_folder or self.home / "keys"

    @property
    def algorithms(self) -> tuple[str, ...]:
        """The issuer's algorithms, by name."""
        return tuple(name.strip() for name in self.issuer_algorithms.split(","))


@dataclass(frozen=True, slots=True)
class Documented:
    """A setting as it is explained to an operator; a secret's value is never part of it."""

    field: str
    name: str
    says: str
    default: str
    secret: bool


def documented_settings() -> list[Documented]:
    """Every setting, in the order of the class."""
    return [Documented(field=each.name, default=str(each.default or ""), **each.metadata) for each in fields(Settings)]


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """The settings, from the process's environment unless another is given. An empty variable counts as not given.

    Raises:
        SettingInvalidError: unknown, unreadable or impossible settings; all of them are listed.
    """
    given = {name: value for name, value in (os.environ if environment is None else environment).items() if value}
    complaints = _unknown(given)
    values: dict[str, Any] = {}
    for each in fields(Settings):
        try:
            if (text := _text(each, given)) is not None:
                values[each.name] = _parsed(each, text)
        except (OSError, ValueError) as error:
            complaints.append(f"{each.metadata['name']}: {error}")
    settings = Settings(**values)
    complaints += _contradictions(settings)
    if complaints:
        raise SettingInvalidError(*complaints)
    return settings


def _unknown(given: Mapping[str, str]) -> list[str]:
    known = {each.metadata["name"] for each in fields(Settings)}
    known |= {name + _FILE for name in {each.metadata["name"] for each in fields(Settings) if each.metadata["secret"]}}
    return [f"{name} is not a setting" for name in sorted(given) if name.startswith(_PREFIX) and name not in known]


def _text(setting: "Field[Any]", given: Mapping[str, str]) -> str | None:
    name = setting.metadata["name"]
    path = given.get(name + _FILE) if setting.metadata["secret"] else None
    if path is None:
        return given.get(name)
    if name in given:
        raise ValueError(f"given twice, also as {name}{_FILE}")
    return Path(path).read_text(encoding="utf-8").strip()


def _parsed(setting: "Field[Any]", text: str) -> Any:
    if setting.name == "mode" and text not in get_args(Mode):
        raise ValueError(f"is {text!r}; it may be {' or '.join(get_args(Mode))}")
    if setting.name in _PATHS:
        return Path(text)
    if setting.name == "proclaimed_holidays":
        return _proclaimed(text)
    if isinstance(setting.default, int):
        if not text.isascii() or not text.isdigit() or int(text) < 1:
            raise ValueError("must be a whole number from 1 up")
        return int(text)
    return text


def _proclaimed(text: str) -> Proclaimed:
    days: dict[date, bool] = {}
    for word in (each.strip() for each in text.split(",")):
        read = _PROCLAIMED.fullmatch(word)
        if read is None:
            raise ValueError(f"{word!r} is no day as 2027-06-14, or as -2027-06-14 for one that ceases to be a holiday")
        day = _day(read[2])
        if day in days:
            raise ValueError(f"{day} is given twice")
        if day.year not in CALENDAR_YEARS:
            raise ValueError(f"{day} is outside the calendar, of {CALENDAR_YEARS[0]} to {CALENDAR_YEARS[-1]}")
        if day.weekday() >= _SATURDAY:
            raise ValueError(f"{day} is at a weekend, and no working day in any case")
        days[day] = read[1] == "-"
    ceasing = frozenset(day for day, ceases in days.items() if ceases)
    return Proclaimed(frozenset(days) - ceasing, ceasing)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"there is no day {text}") from None


def _contradictions(settings: Settings) -> list[str]:
    complaints = []
    if settings.mode == "production" and not (settings.issuer and settings.jwks_url):
        complaints.append("production needs INCIDENT_LEDGER_ISSUER and INCIDENT_LEDGER_JWKS_URL: no local issuer there")
    if settings.issuer and not settings.jwks_url:
        complaints.append("INCIDENT_LEDGER_ISSUER needs INCIDENT_LEDGER_JWKS_URL, where its keys are")
    if settings.jwks_url and not settings.jwks_url.startswith("https://"):
        complaints.append("INCIDENT_LEDGER_JWKS_URL must be https")
    if settings.transit_url and settings.keeper_url:
        complaints.append("INCIDENT_LEDGER_TRANSIT_URL and INCIDENT_LEDGER_KEEPER_URL: one of them keeps the keys")
    if settings.transit_url and not settings.transit_token_file:
        complaints.append("INCIDENT_LEDGER_TRANSIT_URL needs INCIDENT_LEDGER_TRANSIT_TOKEN_FILE")
    if settings.transit_url and not _is_private(settings.transit_url):
        complaints.append("INCIDENT_LEDGER_TRANSIT_URL must be https, but on this machine")
    return complaints


def _is_private(url: str) -> bool:
    """Whether nobody on the way reads what is sent there."""
    parts = urlsplit(url)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
