"""The tables of the schemas `ledger` and `vault`, as the migrations build them."""

from typing import Final

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)

METADATA: Final = MetaData()

_INSTANT: Final = DateTime(timezone=True)

EVENTS: Final = Table(
    "events",
    METADATA,
    Column("position", BigInteger, nullable=False, autoincrement=False),
    Column("stream", Uuid, nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("event_id", Uuid, nullable=False),
    Column("type", Text, nullable=False),
    Column("payload", LargeBinary, nullable=False),
    Column("organisation", Text, nullable=False),
    Column("actor", Uuid, nullable=False),
    Column("correlation", Text),
    Column("causation", Uuid),
    Column("effective_at", _INSTANT, nullable=False),
    Column("recorded_at", _INSTANT, nullable=False),
    Column("editions", ARRAY(Text), nullable=False),
    Column("build", Text, nullable=False),
    PrimaryKeyConstraint("position", name="events_pkey"),
    UniqueConstraint("stream", "version", name="events_stream_version_key"),
    UniqueConstraint("event_id", name="events_event_id_key"),
    CheckConstraint("position > 0", name="events_position_check"),
    CheckConstraint("version > 0", name="events_version_check"),
    Index("events_erasures_idx", "position", postgresql_where=text("type = 'erasure.carried_out.v1'")),
    schema="ledger",
)
"""Every event, at its position."""

STREAMS: Final = Table(
    "streams",
    METADATA,
    Column("stream", Uuid, nullable=False),
    Column("kind", Text, nullable=False),
    Column("organisation", Text, nullable=False),
    PrimaryKeyConstraint("stream", name="streams_pkey"),
    schema="ledger",
)
"""What each stream is about, and whose record it is."""

STREAM_CASES: Final = Table(
    "stream_cases",
    METADATA,
    Column("stream", Uuid, nullable=False),
    Column("case_id", Uuid, nullable=False),
    Column("position", BigInteger, nullable=False),
    PrimaryKeyConstraint("stream", "case_id", name="stream_cases_pkey"),
    Index("stream_cases_case_id_idx", "case_id", "position", "stream"),
    schema="ledger",
)
"""Which cases a stream belongs to, and from which position on."""

KEYS: Final = Table(
    "keys",
    METADATA,
    Column("key", LargeBinary, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("stream", Uuid, nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("first_position", BigInteger, nullable=False),
    Column("last_position", BigInteger, nullable=False),
    Column("recorded_at", _INSTANT, nullable=False),
    PrimaryKeyConstraint("key", name="keys_pkey"),
    Index("keys_first_position_idx", "first_position", postgresql_using="brin"),
    schema="ledger",
)
"""What each idempotency key did."""

CLAIMS: Final = Table(
    "claims",
    METADATA,
    Column("digest", LargeBinary, nullable=False),
    Column("stream", Uuid, nullable=False),
    PrimaryKeyConstraint("digest", name="claims_pkey"),
    schema="ledger",
)
"""Which stream owns a digest for ever."""

ORIGIN: Final = Table(
    "origin",
    METADATA,
    Column("simulated", Boolean, nullable=False),
    Column("sole", Boolean, nullable=False, server_default=text("true")),
    PrimaryKeyConstraint("sole", name="origin_pkey"),
    CheckConstraint("sole", name="origin_sole_check"),
    schema="ledger",
)
"""By which clock this ledger runs: one row."""

ACTORS: Final = Table(
    "actors",
    METADATA,
    Column("actor", Uuid, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    PrimaryKeyConstraint("actor", name="actors_pkey"),
    schema="ledger",
)
"""Whom each pseudonym stands for, sealed."""

VAULT_KEYS: Final = Table(
    "keys",
    METADATA,
    Column("key_id", Uuid, nullable=False),
    Column("about", Uuid, nullable=False),
    Column("wrapped", LargeBinary, nullable=False),
    Column("kek", Text, nullable=False),
    PrimaryKeyConstraint("key_id", name="keys_pkey"),
    Index("keys_about_idx", "about", "key_id"),
    schema="vault",
)
"""Wrapped data keys; to destroy one is to erase what it sealed."""

NHS_NUMBERS: Final = Table(
    "nhs_numbers",
    METADATA,
    Column("digest", LargeBinary, nullable=False),
    Column("incident", Uuid, nullable=False),
    Column("person", Uuid, nullable=False),
    Column("key_id", Uuid, nullable=False),
    Column("organisation", Text, nullable=False),
    Column("digested_under", Text, nullable=False),
    PrimaryKeyConstraint("digest", "incident", "person", "key_id", name="nhs_numbers_pkey"),
    Index("nhs_numbers_key_id_idx", "key_id"),
    schema="vault",
)
"""Which persons bear an NHS number: its digest under a key that the database does not have."""

ERASED_BEFORE: Final = Table(
    "erased_before",
    METADATA,
    Column("key_id", Uuid, nullable=False),
    PrimaryKeyConstraint("key_id", name="erased_before_pkey"),
    schema="vault",
)
"""Keys that erasures destroyed which this database, put back to an older state, has not heard of."""

KEYRINGS: Final = Table(
    "keyrings",
    METADATA,
    Column("process", Uuid, nullable=False),
    Column("newest", Text, nullable=False),
    Column("held", ARRAY(Text), nullable=False),
    Column("said_at", _INSTANT, nullable=False),
    PrimaryKeyConstraint("process", name="keyrings_pkey"),
    schema="vault",
)
"""Which key-encryption keys each running process holds."""

RETIRED_KEKS: Final = Table(
    "retired_keks",
    METADATA,
    Column("name", Text, nullable=False),
    Column("number", Integer, nullable=False),
    PrimaryKeyConstraint("name", name="retired_keks_pkey"),
    schema="vault",
)
"""The key-encryption keys that wrap nothing any more."""
