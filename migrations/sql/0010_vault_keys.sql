-- What may become of a wrapped data key: destroyed by an erasure that stands in the ledger, or wrapped anew. Its row
-- stays in either case. The same of a sealed actor, which is only ever sealed anew. And the index by NHS number.
--
-- The functions below are the only ways. While one of them changes a row, a setting of its transaction says which; the
-- triggers ask for it, so that a change by hand is refused even to the owner of the tables.

-- keys that the erasure at a position names; raises where no erasure stands there
create function vault.keys_erased_at(erased_at bigint) returns uuid[]
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $named$
declare
    stored bytea;
    named jsonb;
begin
    select e.payload into stored from ledger.events e
    where e.position = erased_at and e.type = 'erasure.carried_out.v1';
    if stored is null then
        raise exception 'no erasure stands at position %', erased_at using errcode = 'restrict_violation';
    end if;
    named := convert_from(stored, 'UTF8')::jsonb -> 'keys';
    if jsonb_typeof(named) is distinct from 'array' then
        raise exception 'the erasure at position % names no keys', erased_at using errcode = 'restrict_violation';
    end if;
    return array(select k::uuid from jsonb_array_elements_text(named) k);
end
$named$;

create function vault.check_change() returns trigger language plpgsql
set search_path = pg_catalog, pg_temp as $check$
begin
    if coalesce(current_setting('incident_ledger.vault_change', true), '') <> all (tg_argv) then
        raise exception '% of %.%: the ledger only grows', tg_op, tg_table_schema, tg_table_name
            using errcode = 'restrict_violation';
    end if;
    return null;
end
$check$;

create function vault.check_key() returns trigger language plpgsql
set search_path = pg_catalog, pg_temp as $check$
declare
    change text := current_setting('incident_ledger.vault_change', true);
    erased_at text := current_setting('incident_ledger.erased_at', true);
begin
    if new.key_id = old.key_id and new.about = old.about then
        if change = 'destroy' and new.wrapped = '' and new.kek = old.kek
           and old.key_id = any (vault.keys_erased_at(erased_at::bigint)) then
            return new;
        elsif change = 'rewrap' and new.wrapped <> '' and old.wrapped <> '' then
            return new;
        end if;
    end if;
    raise exception 'a key is destroyed by an erasure, or wrapped anew' using errcode = 'restrict_violation';
end
$check$;

create function vault.check_actor() returns trigger language plpgsql
set search_path = pg_catalog, pg_temp as $check$
begin
    if new.actor <> old.actor or new.sealed = '' then
        raise exception 'an actor is only sealed anew' using errcode = 'restrict_violation';
    end if;
    return new;
end
$check$;

drop trigger refuse_change on vault.keys;
create trigger refuse_change before delete or truncate on vault.keys
    for each statement execute function ledger.refuse_change();
create trigger check_change before update on vault.keys
    for each statement execute function vault.check_change('destroy', 'rewrap');
create trigger check_key before update on vault.keys
    for each row execute function vault.check_key();

drop trigger refuse_change on ledger.actors;
create trigger refuse_change before delete or truncate on ledger.actors
    for each statement execute function ledger.refuse_change();
create trigger check_change before update on ledger.actors
    for each statement execute function vault.check_change('reseal');
create trigger check_actor before update on ledger.actors
    for each row execute function vault.check_actor();

-- a row that was replaced holds what was to be forgotten until it is vacuumed: one is enough to begin
alter table vault.keys set (autovacuum_vacuum_threshold = 0, autovacuum_vacuum_scale_factor = 0);

-- Which persons bear an NHS number, found by a digest under a key that the database does not have. Told from the
-- ledger, and told again where it is lost; a row goes with the data key that seals its number.
create table vault.nhs_numbers (
    digest bytea not null,
    incident uuid not null,
    person uuid not null,
    key_id uuid not null,
    organisation text not null,
    -- the name of the key of the digest
    digested_under text not null,
    constraint nhs_numbers_pkey primary key (digest, incident, person, key_id)
);
create index nhs_numbers_key_id_idx on vault.nhs_numbers (key_id);

insert into projections.positions (name, table_version, code_version, status)
values ('nhs_numbers', 1, 1, 'running');

-- Which key-encryption keys each running process holds, and with which one it wraps.
create table vault.keyrings (
    process uuid not null constraint keyrings_pkey primary key,
    newest text not null,
    held text[] not null,
    said_at timestamptz not null
);

-- The key-encryption keys that wrap nothing any more, ever: a process that was asleep meanwhile and still wraps with one
-- would write what nobody can open.
create table vault.retired_keks (
    name text not null constraint retired_keks_pkey primary key,
    number integer not null
);

create function vault.refuse_retired() returns trigger language plpgsql
set search_path = pg_catalog, pg_temp as $refuse$
begin
    if exists (select from added join vault.retired_keks r on r.name = added.kek) then
        raise exception 'a data key is wrapped by a retired key' using errcode = 'restrict_violation';
    end if;
    return null;
end
$refuse$;
create trigger refuse_retired after insert on vault.keys referencing new table as added
    for each statement execute function vault.refuse_retired();

create function vault.refuse_retired_actor() returns trigger language plpgsql
set search_path = pg_catalog, pg_temp as $refuse$
begin
    if exists (select from vault.retired_keks r where int4send(r.number) = substring(new.sealed from 1 for 4)) then
        raise exception 'an actor is sealed by a retired key' using errcode = 'restrict_violation';
    end if;
    return null;
end
$refuse$;
-- after and for each row: most appends bring an actor who is known, and so no row
create trigger refuse_retired after insert on ledger.actors
    for each row execute function vault.refuse_retired_actor();

-- Destroy the keys that the erasure at a position names, with what the index knows by them; the ids of those that stood
-- until now.
create function vault.destroy(erased_at bigint) returns setof uuid
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $destroy$
declare
    named uuid[] := vault.keys_erased_at(erased_at);
begin
    perform set_config('incident_ledger.erased_at', erased_at::text, true);
    perform set_config('incident_ledger.vault_change', 'destroy', true);
    -- in one order everywhere, so that no two of these wait for each other
    perform from vault.keys k where k.key_id = any (named) order by k.key_id for update;
    return query
    update vault.keys k set wrapped = '' where k.key_id = any (named) and k.wrapped <> '' returning k.key_id;
    delete from vault.nhs_numbers n where n.key_id = any (named);
    perform set_config('incident_ledger.vault_change', '', true);
end
$destroy$;

-- Put keys that were wrapped anew in the place of the old ones, where those still stand; how many did.
create function vault.rewrap(key_ids uuid[], old_wrapped bytea[], new_wrapped bytea[], keks text[]) returns bigint
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $rewrap$
declare
    changed bigint;
begin
    if array_position(old_wrapped, ''::bytea) is not null or array_position(new_wrapped, ''::bytea) is not null then
        raise exception 'a destroyed key is never wrapped' using errcode = 'restrict_violation';
    end if;
    perform set_config('incident_ledger.vault_change', 'rewrap', true);
    perform from vault.keys k where k.key_id = any (key_ids) order by k.key_id for update;
    update vault.keys k set wrapped = r.new_wrapped, kek = r.kek
    from unnest(key_ids, old_wrapped, new_wrapped, keks) as r (key_id, old_wrapped, new_wrapped, kek)
    where k.key_id = r.key_id and k.wrapped = r.old_wrapped;
    get diagnostics changed = row_count;
    perform set_config('incident_ledger.vault_change', '', true);
    return changed;
end
$rewrap$;

-- The same for whom pseudonyms stand for: actors, and those who only read.
create function vault.reseal_actors(
    actors uuid[], old_sealed bytea[], new_sealed bytea[], readers boolean
) returns bigint
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $reseal$
declare
    changed bigint;
begin
    perform set_config('incident_ledger.vault_change', 'reseal', true);
    if readers then
        perform from access.readers a where a.actor = any (actors) order by a.actor for update;
        update access.readers a set sealed = r.new_sealed
        from unnest(actors, old_sealed, new_sealed) as r (actor, old_sealed, new_sealed)
        where a.actor = r.actor and a.sealed = r.old_sealed;
    else
        perform from ledger.actors a where a.actor = any (actors) order by a.actor for update;
        update ledger.actors a set sealed = r.new_sealed
        from unnest(actors, old_sealed, new_sealed) as r (actor, old_sealed, new_sealed)
        where a.actor = r.actor and a.sealed = r.old_sealed;
    end if;
    get diagnostics changed = row_count;
    perform set_config('incident_ledger.vault_change', '', true);
    return changed;
end
$reseal$;

-- Retire a key-encryption key that wraps nothing: from now on nothing is wrapped by it. Raises where something is.
create function vault.retire(name text, number integer) returns void
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $retire$
begin
    -- appends to the ledger and to the log of reads stand still: none is on its way with this key
    perform pg_advisory_xact_lock(7236271946541);
    perform pg_advisory_xact_lock(7236271946542);
    if exists (select from vault.keys k where k.kek = retire.name and k.wrapped <> '') then
        raise exception 'data keys are wrapped by %', name using errcode = 'restrict_violation';
    end if;
    if exists (select from ledger.actors a where substring(a.sealed from 1 for 4) = int4send(number))
       or exists (select from access.readers a where substring(a.sealed from 1 for 4) = int4send(number))
    then
        raise exception 'actors are sealed by %', name using errcode = 'restrict_violation';
    end if;
    insert into vault.retired_keks (name, number) values (retire.name, retire.number) on conflict do nothing;
end
$retire$;

-- Take numbers into the index, but for those whose key is destroyed: an erasure meanwhile waits for this transaction.
create function vault.index_numbers(
    digests bytea[], incidents uuid[], persons uuid[], key_ids uuid[], organisations text[], digested_under text
) returns bigint
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $index$
declare
    taken bigint;
begin
    perform from vault.keys k where k.key_id = any (key_ids) order by k.key_id for share;
    insert into vault.nhs_numbers (digest, incident, person, key_id, organisation, digested_under)
    select n.digest, n.incident, n.person, n.key_id, n.organisation, index_numbers.digested_under
    from unnest(digests, incidents, persons, key_ids, organisations)
        as n (digest, incident, person, key_id, organisation)
    join vault.keys k on k.key_id = n.key_id and k.wrapped <> ''
    on conflict do nothing;
    get diagnostics taken = row_count;
    return taken;
end
$index$;

-- Under which key the numbers of the index are digested; null while it is empty.
create function vault.numbers_digested_under() returns text
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $under$
    select n.digested_under from vault.nhs_numbers n limit 1;
$under$;

-- Empty the index, to be told again from the first event on.
create function vault.clear_numbers() returns void
language sql security definer
set search_path = pg_catalog, pg_temp
as $clear$
    delete from vault.nhs_numbers;
$clear$;

-- Say which keys a process holds; who has not been heard of for an hour is forgotten.
create function vault.announce(process uuid, newest text, held text[]) returns void
language sql security definer
set search_path = pg_catalog, pg_temp
as $announce$
    delete from vault.keyrings k where k.said_at < clock_timestamp() - interval '1 hour';
    insert into vault.keyrings (process, newest, held, said_at)
    values (announce.process, announce.newest, announce.held, clock_timestamp())
    on conflict on constraint keyrings_pkey
    do update set newest = excluded.newest, held = excluded.held, said_at = excluded.said_at;
$announce$;

-- Say that a process holds none any more.
create function vault.leave(process uuid) returns void
language sql security definer
set search_path = pg_catalog, pg_temp
as $leave$
    delete from vault.keyrings k where k.process = leave.process;
$leave$;

-- Whoever appends may destroy, wrap anew and say what they hold; whoever keeps read models keeps the index, and reads
-- nothing of it; whoever reads keys reads it.
do $grants$
declare
    made regprocedure;
    granted regrole;
begin
    for made in select p.oid from pg_proc p where p.pronamespace = 'vault'::regnamespace loop
        execute format('revoke all on function %s from public', made);
    end loop;
    for granted in
        select distinct acl.grantee::regrole from pg_proc p, aclexplode(p.proacl) acl
        where p.pronamespace = 'ledger'::regnamespace and p.proname = 'append' and acl.grantee <> p.proowner
    loop
        execute format('grant execute on function vault.destroy, vault.rewrap, vault.reseal_actors, vault.retire,'
                       ' vault.announce, vault.leave to %s', granted);
        if current_setting('server_version_num')::integer >= 170000 then
            -- so that whoever destroyed a key can have what it replaced cleaned away at once
            execute format('grant maintain on vault.keys to %s', granted);
        end if;
    end loop;
    for granted in
        select distinct acl.grantee::regrole from pg_class, aclexplode(relacl) acl
        where oid = 'projections.positions'::regclass and acl.grantee <> relowner and acl.privilege_type = 'UPDATE'
    loop
        execute format('grant usage on schema vault to %s', granted);
        execute format('grant execute on function vault.index_numbers, vault.clear_numbers,'
                       ' vault.numbers_digested_under to %s', granted);
    end loop;
    for granted in
        select distinct acl.grantee::regrole from pg_class, aclexplode(relacl) acl
        where oid = 'vault.keys'::regclass and acl.grantee <> relowner and acl.privilege_type = 'SELECT'
    loop
        execute format('grant select on vault.nhs_numbers, vault.keyrings, vault.retired_keks to %s', granted);
    end loop;
end
$grants$;
