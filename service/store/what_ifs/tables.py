"""The tables of what-if questions and their results, as the migration builds them."""

from typing import Final

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKeyConstraint,
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
from sqlalchemy.dialects.postgresql import JSONB

METADATA: Final = MetaData()
SCHEMA: Final = "policy"

_INSTANT: Final = DateTime(timezone=True)
_WORD: Final = Text(collation="C")

WHAT_IFS: Final = Table(
    "what_ifs",
    METADATA,
    Column("id", Uuid, nullable=False),
    Column("asked_by", Uuid, nullable=False),
    Column("organisation", _WORD, nullable=False),
    Column("key", LargeBinary),
    Column("body", LargeBinary, nullable=False),
    Column("asked_at", _INSTANT, nullable=False, server_default=text("now()")),
    Column("question", JSONB, nullable=False),
    Column("providers", ARRAY(Text), nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("as_of", _INSTANT, nullable=False),
    Column("status", _WORD, nullable=False, server_default=text("'queued'::text")),
    Column("runner", Uuid),
    Column("leased_until", _INSTANT),
    Column("takeovers", Integer, nullable=False, server_default=text("0")),
    Column("policy", _WORD),
    Column("after_provider", _WORD),
    Column("after_position", BigInteger),
    Column("looked_at", BigInteger, nullable=False, server_default=text("0")),
    Column("total", BigInteger),
    Column("counts", JSONB),
    Column("failure", Text),
    Column("finished_at", _INSTANT),
    PrimaryKeyConstraint("id", name="what_ifs_pkey"),
    UniqueConstraint("asked_by", "key", name="what_ifs_asked_by_key"),
    CheckConstraint("status in ('queued', 'running', 'done', 'failed')", name="what_ifs_status_check"),
    Index("what_ifs_waiting_idx", "asked_at", postgresql_where=text("status in ('queued', 'running')")),
    schema=SCHEMA,
)
"""What was asked, who carries it out, and how far they are."""

ROWS: Final = Table(
    "what_if_rows",
    METADATA,
    Column("what_if", Uuid, nullable=False),
    Column("list", _WORD, nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("incident", Uuid, nullable=False),
    Column("rule", _WORD),
    Column("difference", _WORD),
    Column("row", JSONB, nullable=False),
    PrimaryKeyConstraint("what_if", "list", "number", name="what_if_rows_pkey"),
    ForeignKeyConstraint(["what_if"], [WHAT_IFS.c.id], name="what_if_rows_what_if_fkey", ondelete="CASCADE"),
    schema=SCHEMA,
)
"""The results, list by list, in their order."""
