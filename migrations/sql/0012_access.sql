-- The access log: who read which case, and why. It only grows, its numbers have no gap, and each record's hash covers the
-- one before it. Moments here are those of the server's own clock, also on a simulated ledger: people read in real time.
create schema access;

create table access.reads (
    number bigint not null constraint reads_pkey primary key,
    at timestamptz not null,
    -- who read: a pseudonym, the organisation and the roles of the token
    actor uuid not null,
    organisation text collate "C" not null,
    roles text[] not null,
    -- what for, and whether the reader said so
    purpose text collate "C" not null,
    purpose_stated boolean not null,
    -- what they did, by which operation of the HTTP contract
    kind text collate "C" not null,
    route text collate "C" not null,
    method text collate "C" not null,
    -- the cases whose records were shown, each once, and whose record each of them is, in the same place
    cases uuid[] not null,
    owners text[] collate "C" not null,
    -- the position that the answer spoke for; past: it was asked what was known then
    position bigint not null,
    past boolean not null,
    words_opened boolean not null,
    request_id uuid not null,
    correlation_id text,
    hash bytea not null,
    constraint reads_number_check check (number > 0),
    -- a case that is not in the ledger is nobody's, and cannot be written down
    constraint reads_cases_check check (cardinality(cases) = cardinality(owners))
);
-- Entries go in at once (no pending list), so that to ask about one case is a probe however much was just written.
create index reads_cases_idx on access.reads using gin (cases) with (fastupdate = off);
create index reads_owners_idx on access.reads using gin (owners) with (fastupdate = off);
create index reads_actor_idx on access.reads (actor, number);
create index reads_at_idx on access.reads (at);

-- whom the pseudonym of a reader stands for, sealed; most readers never give a command, so the ledger does not know them
create table access.readers (
    actor uuid not null constraint readers_pkey primary key,
    sealed bytea not null
);

create trigger refuse_change before update or delete or truncate on access.reads
    for each statement execute function ledger.refuse_change();
-- as an actor of the ledger: sealed anew when keys are rotated, and changed in no other way
create trigger refuse_change before delete or truncate on access.readers
    for each statement execute function ledger.refuse_change();
create trigger check_change before update on access.readers
    for each statement execute function vault.check_change('reseal');
create trigger check_actor before update on access.readers
    for each row execute function vault.check_actor();
create trigger refuse_retired after insert on access.readers
    for each row execute function vault.refuse_retired_actor();

-- The only door through which anything enters the access log. Arrays hold one entry for each record; those of roles and cases
-- hold array literals, because arrays of unequal arrays cannot be sent. Whose record a case is, the ledger says itself.
-- Returns the number of the last record.
create function access.append(
    patience_ms integer,
    actors uuid[], sealed bytea[], organisations text[], roles text[], purposes text[], stated boolean[],
    kinds text[], routes text[], methods text[], cases text[], positions bigint[], pasts boolean[],
    words boolean[], requests uuid[], correlations text[]
) returns bigint
language plpgsql security definer
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set jit = off
as $append$
declare
    last bigint;
    moment timestamptz;
    previous bytea;
    named uuid[];
    owned text[];
    owners text[];
    written text;
begin
    if current_setting('transaction_isolation') <> 'read committed' then
        -- the last record would be read from a snapshot older than the lock
        raise exception 'append needs read committed' using errcode = 'invalid_transaction_state';
    end if;
    for n in 1 .. cardinality(actors) loop
        named := cases[n]::uuid[];
        select coalesce(array_agg(s.organisation order by c.place), '{}') into owned
        from unnest(named) with ordinality as c (case_id, place)
        -- a limit keeps this one index probe a case, whatever the statistics of a young table say
        cross join lateral (select s.organisation from ledger.streams s where s.stream = c.case_id limit 1) s;
        owners[n] := owned::text;
    end loop;

    perform set_config('lock_timeout', patience_ms::text, true);
    perform pg_advisory_xact_lock(7236271946542);

    -- From here on this call is alone, and sees what the last holder committed.
    select r.number, r.at, r.hash into last, moment, previous from access.reads r order by r.number desc limit 1;
    last := coalesce(last, 0);
    previous := coalesce(previous, decode(repeat('00', 32), 'hex'));

    for n in 1 .. cardinality(actors) loop
        last := last + 1;
        moment := greatest(moment, clock_timestamp());
        named := cases[n]::uuid[];
        owned := owners[n]::text[];
        -- RFC 8785 (JCS): names in order, no space, text escaped as JSON has it; service/store/access/canonical.py writes the same
        written := '{"actor":"' || actors[n]
            || '","at":"' || to_char(moment at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
            || '","cases":[' || coalesce((
                select string_agg('["' || c.case_id || '",' || to_json(c.owner) || ']', ',' order by c.place)
                from unnest(named, owned) with ordinality as c (case_id, owner, place)
            ), '')
            || '],"correlation_id":' || coalesce(to_json(correlations[n])::text, 'null')
            || ',"format":"incident-ledger-access/1","kind":' || to_json(kinds[n])
            || ',"method":' || to_json(methods[n])
            || ',"number":' || last
            || ',"organisation":' || to_json(organisations[n])
            || ',"past":' || pasts[n]
            || ',"position":' || positions[n]
            || ',"purpose":' || to_json(purposes[n])
            || ',"purpose_stated":' || stated[n]
            || ',"request_id":"' || requests[n]
            || '","roles":' || to_json(roles[n]::text[])
            || ',"route":' || to_json(routes[n])
            || ',"words_opened":' || words[n] || '}';
        previous := sha256(previous || convert_to(written, 'UTF8'));
        insert into access.reads (
            number, at, actor, organisation, roles, purpose, purpose_stated, kind, route, method, cases, owners, position,
            past, words_opened, request_id, correlation_id, hash
        ) values (
            last, moment, actors[n], organisations[n], roles[n]::text[], purposes[n], stated[n], kinds[n], routes[n],
            methods[n], named, owned, positions[n], pasts[n], words[n], requests[n], correlations[n], previous
        );
    end loop;

    insert into access.readers (actor, sealed)
    select r.actor, r.sealed from unnest(actors, sealed) as r (actor, sealed)
    on conflict do nothing;
    return last;
end
$append$;

-- Whoever reads writes down that it did: the role that reads is the only one that may append, and it may do nothing else.
do $grants$
declare
    granted regrole;
    door regprocedure := (select p.oid::regprocedure from pg_proc p
                          where p.proname = 'append' and p.pronamespace = 'access'::regnamespace);
begin
    execute format('revoke all on function %s from public', door);
    for granted in
        select distinct acl.grantee::regrole from pg_class, aclexplode(relacl) acl
        where oid = 'projections.positions'::regclass and acl.grantee <> relowner and acl.grantee not in (
            select own.grantee from aclexplode(relacl) own where own.privilege_type = 'UPDATE')
    loop
        execute format('grant usage on schema access to %s', granted);
        execute format('grant select on access.reads, access.readers to %s', granted);
        execute format('grant execute on function %s to %s', door, granted);
    end loop;
    -- and whoever appends to the ledger rotates keys
    for granted in
        select distinct acl.grantee::regrole from pg_proc p, aclexplode(p.proacl) acl
        where p.pronamespace = 'vault'::regnamespace and p.proname = 'reseal_actors' and acl.grantee <> p.proowner
    loop
        execute format('grant usage on schema access to %s', granted);
        execute format('grant select on access.readers to %s', granted);
    end loop;
end
$grants$;
