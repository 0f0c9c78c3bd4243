-- Read models: everything here can be told again from the ledger.
create schema projections;

-- One row for each table version of a read model: how far it is, who owns it (epoch), and whether it runs.
create table projections.positions (
    name text collate "C" not null,
    table_version integer not null,
    code_version integer not null,
    position bigint not null default 0,
    recorded_at timestamptz,
    changed_position bigint not null default 0,
    epoch bigint not null default 0,
    status text not null,
    message text,
    primary key (name, table_version)
);

-- Which table version of a read model answers queries.
create table projections.live (
    name text collate "C" not null primary key,
    table_version integer not null
);

-- What each rebuild found when it compared the new tables with those that answered before.
create table projections.rebuilds (
    name text collate "C" not null,
    table_version integer not null,
    position bigint not null,
    report jsonb not null,
    primary key (name, table_version)
);

do $grants$
declare
    projector text := format('%I', current_database() || '_projector');
    reader text := format('%I', current_database() || '_reader');
begin
    execute format('grant usage on schema projections to %s, %s', projector, reader);
    execute format('grant select on projections.positions, projections.live, projections.rebuilds to %s, %s',
                   projector, reader);
    execute format('grant update on projections.positions to %s', projector);
end
$grants$;
