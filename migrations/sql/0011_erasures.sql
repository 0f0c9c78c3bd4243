-- Erasures: found again at every start, also those that a database put back to an older state has not heard of.

-- the erasures that were carried out, without reading the whole log
create index events_erasures_idx on ledger.events (position) where type = 'erasure.carried_out.v1';

-- Keys of erasures that stand in no event here, because the database was put back to before them: the journal of the
-- keys folder has outlived it, and says which. Only the owner, who may restore a database, may bring them here.
create table vault.erased_before (
    key_id uuid not null constraint erased_before_pkey primary key
);
create trigger refuse_change before update or delete or truncate on vault.erased_before
    for each statement execute function ledger.refuse_change();

-- and whoever may look at the keys may look why one is destroyed
do $grants$
declare
    granted regrole;
begin
    for granted in
        select distinct acl.grantee::regrole from pg_class, aclexplode(relacl) acl
        where oid = 'vault.keys'::regclass and acl.grantee <> relowner and acl.privilege_type = 'SELECT'
    loop
        execute format('grant select on vault.erased_before to %s', granted);
    end loop;
end
$grants$;

create or replace function vault.check_key() returns trigger language plpgsql
set search_path = pg_catalog, pg_temp as $check$
declare
    change text := current_setting('incident_ledger.vault_change', true);
    erased_at text := current_setting('incident_ledger.erased_at', true);
begin
    if new.key_id = old.key_id and new.about = old.about then
        if change = 'destroy' and new.wrapped = '' and new.kek = old.kek
           and old.key_id = any (vault.keys_erased_at(erased_at::bigint)) then
            return new;
        elsif change = 'destroy_again' and new.wrapped = '' and new.kek = old.kek
           and exists (select from vault.erased_before b where b.key_id = old.key_id) then
            return new;
        elsif change = 'rewrap' and new.wrapped <> '' and old.wrapped <> '' then
            return new;
        end if;
    end if;
    raise exception 'a key is destroyed by an erasure, or wrapped anew' using errcode = 'restrict_violation';
end
$check$;

drop trigger check_change on vault.keys;
create trigger check_change before update on vault.keys
    for each statement execute function vault.check_change('destroy', 'destroy_again', 'rewrap');

-- Destroy keys that an erasure destroyed before, with what the index knows by them; the ids of those that stood again.
create function vault.destroy_again(key_ids uuid[]) returns setof uuid
language plpgsql
set search_path = pg_catalog, pg_temp
as $again$
begin
    insert into vault.erased_before (key_id) select distinct k from unnest(key_ids) k on conflict do nothing;
    perform set_config('incident_ledger.vault_change', 'destroy_again', true);
    perform from vault.keys k where k.key_id = any (key_ids) order by k.key_id for update;
    return query
    update vault.keys k set wrapped = '' where k.key_id = any (key_ids) and k.wrapped <> '' returning k.key_id;
    delete from vault.nhs_numbers n where n.key_id = any (key_ids);
    perform set_config('incident_ledger.vault_change', '', true);
end
$again$;
revoke all on function vault.destroy_again from public;

CREATE TABLE projections.erasures_v1 (
    key TEXT COLLATE "C" NOT NULL,
    organisation TEXT COLLATE "C" NOT NULL,
    id UUID NOT NULL,
    stream_version BIGINT NOT NULL,
    status TEXT COLLATE "C" NOT NULL,
    person_id UUID NOT NULL,
    incident_id UUID NOT NULL,
    incident_ids TEXT NOT NULL,
    ground TEXT COLLATE "C" NOT NULL,
    reasons TEXT NOT NULL,
    texts TEXT NOT NULL,
    requested_at TIMESTAMP WITH TIME ZONE NOT NULL,
    requested_position BIGINT NOT NULL,
    requested_by UUID NOT NULL,
    approved_at TIMESTAMP WITH TIME ZONE,
    approved_position BIGINT,
    approved_by UUID,
    due_at TIMESTAMP WITH TIME ZONE,
    held_at TIMESTAMP WITH TIME ZONE,
    held_position BIGINT,
    ended_at TIMESTAMP WITH TIME ZONE,
    ended_position BIGINT,
    ended_by UUID,
    ended_because TEXT,
    carried_out_at TIMESTAMP WITH TIME ZONE,
    carried_out_position BIGINT,
    keys_destroyed BIGINT,
    values_erased BIGINT,
    texts_erased BIGINT,
    events_touched BIGINT,
    changed_position BIGINT NOT NULL,
    PRIMARY KEY (key)
);
CREATE TABLE projections.erasures_v1_history (
    changed_position BIGINT NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    gone BOOLEAN NOT NULL,
    key TEXT COLLATE "C" NOT NULL,
    organisation TEXT COLLATE "C" NOT NULL,
    id UUID NOT NULL,
    stream_version BIGINT NOT NULL,
    status TEXT COLLATE "C" NOT NULL,
    person_id UUID NOT NULL,
    incident_id UUID NOT NULL,
    incident_ids TEXT NOT NULL,
    ground TEXT COLLATE "C" NOT NULL,
    reasons TEXT NOT NULL,
    texts TEXT NOT NULL,
    requested_at TIMESTAMP WITH TIME ZONE NOT NULL,
    requested_position BIGINT NOT NULL,
    requested_by UUID NOT NULL,
    approved_at TIMESTAMP WITH TIME ZONE,
    approved_position BIGINT,
    approved_by UUID,
    due_at TIMESTAMP WITH TIME ZONE,
    held_at TIMESTAMP WITH TIME ZONE,
    held_position BIGINT,
    ended_at TIMESTAMP WITH TIME ZONE,
    ended_position BIGINT,
    ended_by UUID,
    ended_because TEXT,
    carried_out_at TIMESTAMP WITH TIME ZONE,
    carried_out_position BIGINT,
    keys_destroyed BIGINT,
    values_erased BIGINT,
    texts_erased BIGINT,
    events_touched BIGINT,
    PRIMARY KEY (key, changed_position)
);
CREATE TABLE projections.erasures_v1_state (
    key UUID NOT NULL,
    state BYTEA NOT NULL,
    PRIMARY KEY (key)
);
CREATE INDEX erasures_v1_history_position ON projections.erasures_v1_history (changed_position);
CREATE INDEX erasures_v1_organisation ON projections.erasures_v1 (organisation);
CREATE INDEX erasures_v1_person_id ON projections.erasures_v1 (person_id);
CREATE INDEX erasures_v1_status ON projections.erasures_v1 (status);
do $$ declare granted regrole; begin
        for granted in
            select distinct acl.grantee::regrole from pg_class, aclexplode(relacl) acl
            where oid = 'projections.positions'::regclass and acl.grantee <> relowner and acl.grantee in (
                select own.grantee from aclexplode(relacl) own where own.privilege_type = 'UPDATE')
        loop execute format('grant select, insert, delete on projections.erasures_v1 to %s', granted); end loop;
    end $$;
do $$ declare granted regrole; begin
        for granted in
            select distinct acl.grantee::regrole from pg_class, aclexplode(relacl) acl
            where oid = 'projections.positions'::regclass and acl.grantee <> relowner and acl.grantee in (
                select own.grantee from aclexplode(relacl) own where own.privilege_type = 'UPDATE')
        loop execute format('grant select, insert on projections.erasures_v1_history to %s', granted); end loop;
    end $$;
do $$ declare granted regrole; begin
        for granted in
            select distinct acl.grantee::regrole from pg_class, aclexplode(relacl) acl
            where oid = 'projections.positions'::regclass and acl.grantee <> relowner and acl.grantee in (
                select own.grantee from aclexplode(relacl) own where own.privilege_type = 'UPDATE')
        loop execute format('grant select, insert, delete on projections.erasures_v1_state to %s', granted); end loop;
    end $$;
do $$ declare granted regrole; begin
        for granted in
            select distinct acl.grantee::regrole from pg_class, aclexplode(relacl) acl
            where oid = 'projections.positions'::regclass and acl.grantee <> relowner and acl.grantee not in (
                select own.grantee from aclexplode(relacl) own where own.privilege_type = 'UPDATE')
        loop execute format('grant select on projections.erasures_v1 to %s', granted); end loop;
    end $$;
do $$ declare granted regrole; begin
        for granted in
            select distinct acl.grantee::regrole from pg_class, aclexplode(relacl) acl
            where oid = 'projections.positions'::regclass and acl.grantee <> relowner and acl.grantee not in (
                select own.grantee from aclexplode(relacl) own where own.privilege_type = 'UPDATE')
        loop execute format('grant select on projections.erasures_v1_history to %s', granted); end loop;
    end $$;
insert into projections.positions (name, table_version, code_version, status)
values ('erasures', 1, 1, 'running');
insert into projections.live (name, table_version) values ('erasures', 1);

-- Where people are named, for whoever asks what is held about them.
CREATE TABLE projections.people_v1 (
    key TEXT COLLATE "C" NOT NULL,
    organisation TEXT COLLATE "C" NOT NULL,
    person_id UUID NOT NULL,
    position BIGINT NOT NULL,
    stream UUID NOT NULL,
    incident_ids TEXT NOT NULL,
    changed_position BIGINT NOT NULL,
    PRIMARY KEY (key)
);
CREATE TABLE projections.people_v1_history (
    changed_position BIGINT NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    gone BOOLEAN NOT NULL,
    key TEXT COLLATE "C" NOT NULL,
    organisation TEXT COLLATE "C" NOT NULL,
    person_id UUID NOT NULL,
    position BIGINT NOT NULL,
    stream UUID NOT NULL,
    incident_ids TEXT NOT NULL,
    PRIMARY KEY (key, changed_position)
);
CREATE TABLE projections.people_v1_state (
    key UUID NOT NULL,
    state BYTEA NOT NULL,
    PRIMARY KEY (key)
);
CREATE INDEX people_v1_history_position ON projections.people_v1_history (changed_position);
CREATE INDEX people_v1_organisation ON projections.people_v1 (organisation);
CREATE INDEX people_v1_person_id ON projections.people_v1 (person_id);
do $$ declare granted regrole; begin
        for granted in
            select distinct acl.grantee::regrole from pg_class, aclexplode(relacl) acl
            where oid = 'projections.positions'::regclass and acl.grantee <> relowner and acl.grantee in (
                select own.grantee from aclexplode(relacl) own where own.privilege_type = 'UPDATE')
        loop execute format('grant select, insert, delete on projections.people_v1 to %s', granted); end loop;
    end $$;
do $$ declare granted regrole; begin
        for granted in
            select distinct acl.grantee::regrole from pg_class, aclexplode(relacl) acl
            where oid = 'projections.positions'::regclass and acl.grantee <> relowner and acl.grantee in (
                select own.grantee from aclexplode(relacl) own where own.privilege_type = 'UPDATE')
        loop execute format('grant select, insert on projections.people_v1_history to %s', granted); end loop;
    end $$;
do $$ declare granted regrole; begin
        for granted in
            select distinct acl.grantee::regrole from pg_class, aclexplode(relacl) acl
            where oid = 'projections.positions'::regclass and acl.grantee <> relowner and acl.grantee in (
                select own.grantee from aclexplode(relacl) own where own.privilege_type = 'UPDATE')
        loop execute format('grant select, insert, delete on projections.people_v1_state to %s', granted); end loop;
    end $$;
do $$ declare granted regrole; begin
        for granted in
            select distinct acl.grantee::regrole from pg_class, aclexplode(relacl) acl
            where oid = 'projections.positions'::regclass and acl.grantee <> relowner and acl.grantee not in (
                select own.grantee from aclexplode(relacl) own where own.privilege_type = 'UPDATE')
        loop execute format('grant select on projections.people_v1 to %s', granted); end loop;
    end $$;
do $$ declare granted regrole; begin
        for granted in
            select distinct acl.grantee::regrole from pg_class, aclexplode(relacl) acl
            where oid = 'projections.positions'::regclass and acl.grantee <> relowner and acl.grantee not in (
                select own.grantee from aclexplode(relacl) own where own.privilege_type = 'UPDATE')
        loop execute format('grant select on projections.people_v1_history to %s', granted); end loop;
    end $$;
insert into projections.positions (name, table_version, code_version, status)
values ('people', 1, 1, 'running');
insert into projections.live (name, table_version) values ('people', 1);
