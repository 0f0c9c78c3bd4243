-- The tables of the ledger and of the vault.
create schema ledger;
create schema vault;

create table ledger.events (
    position bigint not null constraint events_pkey primary key,
    stream uuid not null,
    version bigint not null,
    event_id uuid not null,
    type text not null,
    -- exactly the bytes that were hashed; compressed by the server, never rewritten by it
    payload bytea not null,
    organisation text not null,
    actor uuid not null,
    correlation text,
    causation uuid,
    effective_at timestamptz not null,
    recorded_at timestamptz not null,
    editions text[] not null,
    build text not null,
    constraint events_stream_version_key unique (stream, version),
    constraint events_event_id_key unique (event_id),
    constraint events_position_check check (position > 0),
    constraint events_version_check check (version > 0)
);

create table ledger.streams (
    stream uuid not null constraint streams_pkey primary key,
    kind text not null,
    organisation text not null
);

create table ledger.stream_cases (
    stream uuid not null,
    case_id uuid not null,
    position bigint not null,
    constraint stream_cases_pkey primary key (stream, case_id)
);
create index stream_cases_case_id_idx on ledger.stream_cases (case_id, position, stream);

create table ledger.keys (
    key bytea not null constraint keys_pkey primary key,
    body bytea not null,
    stream uuid not null,
    version bigint not null,
    first_position bigint not null,
    last_position bigint not null,
    recorded_at timestamptz not null
);

create table ledger.claims (
    digest bytea not null constraint claims_pkey primary key,
    stream uuid not null
);

-- one row, written by the first append: by which clock this ledger runs, for ever
create table ledger.origin (
    simulated boolean not null,
    sole boolean not null default true constraint origin_pkey primary key,
    constraint origin_sole_check check (sole)
);

create table ledger.actors (
    actor uuid not null constraint actors_pkey primary key,
    sealed bytea not null
);

create table vault.keys (
    key_id uuid not null constraint keys_pkey primary key,
    about uuid not null,
    wrapped bytea not null,
    kek text not null
);
create index keys_about_idx on vault.keys (about, key_id);

-- An event with what its stream was at its position. The kind and the cases come by one index probe each: joined,
-- a plan might read all streams for one page of events. Columns stand in the order of the reader's fields.
create view ledger.standing_events with (security_invoker = true) as
select
    e.position, e.stream, e.version, (select s.kind from ledger.streams s where s.stream = e.stream) as kind,
    e.event_id, e.type, e.payload, e.organisation, e.actor, e.correlation, e.causation, e.effective_at,
    e.recorded_at, e.editions, e.build,
    array(
        select c.case_id from ledger.stream_cases c where c.stream = e.stream and c.position <= e.position
        order by c.position, c.case_id
    ) as cases
from ledger.events e;

create function ledger.refuse_change() returns trigger language plpgsql
set search_path = pg_catalog, pg_temp as $refuse$
begin
    raise exception '% of %.%: the ledger only grows', tg_op, tg_table_schema, tg_table_name
        using errcode = 'restrict_violation';
end
$refuse$;

do $guard$
declare
    guarded text;
begin
    foreach guarded in array array['events', 'streams', 'stream_cases', 'keys', 'claims', 'origin', 'actors'] loop
        execute format(
            'create trigger refuse_change before update or delete or truncate on ledger.%I'
            ' for each statement execute function ledger.refuse_change()', guarded
        );
    end loop;
end
$guard$;
-- a key may be destroyed, which erases a person; it is never rewritten, nor are all of them dropped at once
create trigger refuse_change before update or truncate on vault.keys
    for each statement execute function ledger.refuse_change();
