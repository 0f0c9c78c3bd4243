-- What says how long a case is kept.
CREATE TABLE projections.retention_v1 (
    key TEXT COLLATE "C" NOT NULL,
    organisation TEXT COLLATE "C" NOT NULL,
    incident_id UUID NOT NULL,
    local_reference TEXT COLLATE "C" NOT NULL,
    record_type TEXT COLLATE "C" NOT NULL,
    regime TEXT COLLATE "C" NOT NULL,
    status TEXT COLLATE "C" NOT NULL,
    happened_on DATE NOT NULL,
    day_known BOOLEAN NOT NULL,
    words TEXT NOT NULL,
    legal_holds BIGINT NOT NULL,
    changed_position BIGINT NOT NULL,
    PRIMARY KEY (key)
);
CREATE TABLE projections.retention_v1_history (
    changed_position BIGINT NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    gone BOOLEAN NOT NULL,
    key TEXT COLLATE "C" NOT NULL,
    organisation TEXT COLLATE "C" NOT NULL,
    incident_id UUID NOT NULL,
    local_reference TEXT COLLATE "C" NOT NULL,
    record_type TEXT COLLATE "C" NOT NULL,
    regime TEXT COLLATE "C" NOT NULL,
    status TEXT COLLATE "C" NOT NULL,
    happened_on DATE NOT NULL,
    day_known BOOLEAN NOT NULL,
    words TEXT NOT NULL,
    legal_holds BIGINT NOT NULL,
    PRIMARY KEY (key, changed_position)
);
CREATE TABLE projections.retention_v1_state (
    key UUID NOT NULL,
    state BYTEA NOT NULL,
    PRIMARY KEY (key)
);
CREATE INDEX retention_v1_happened_on ON projections.retention_v1 (happened_on);
CREATE INDEX retention_v1_history_position ON projections.retention_v1_history (changed_position);
CREATE INDEX retention_v1_organisation ON projections.retention_v1 (organisation);
do $$ declare granted regrole; begin
        for granted in
            select distinct acl.grantee::regrole from pg_class, aclexplode(relacl) acl
            where oid = 'projections.positions'::regclass and acl.grantee <> relowner and acl.grantee in (
                select own.grantee from aclexplode(relacl) own where own.privilege_type = 'UPDATE')
        loop execute format('grant select, insert, delete on projections.retention_v1 to %s', granted); end loop;
    end $$;
do $$ declare granted regrole; begin
        for granted in
            select distinct acl.grantee::regrole from pg_class, aclexplode(relacl) acl
            where oid = 'projections.positions'::regclass and acl.grantee <> relowner and acl.grantee in (
                select own.grantee from aclexplode(relacl) own where own.privilege_type = 'UPDATE')
        loop execute format('grant select, insert on projections.retention_v1_history to %s', granted); end loop;
    end $$;
do $$ declare granted regrole; begin
        for granted in
            select distinct acl.grantee::regrole from pg_class, aclexplode(relacl) acl
            where oid = 'projections.positions'::regclass and acl.grantee <> relowner and acl.grantee in (
                select own.grantee from aclexplode(relacl) own where own.privilege_type = 'UPDATE')
        loop execute format('grant select, insert, delete on projections.retention_v1_state to %s', granted); end loop;
    end $$;
do $$ declare granted regrole; begin
        for granted in
            select distinct acl.grantee::regrole from pg_class, aclexplode(relacl) acl
            where oid = 'projections.positions'::regclass and acl.grantee <> relowner and acl.grantee not in (
                select own.grantee from aclexplode(relacl) own where own.privilege_type = 'UPDATE')
        loop execute format('grant select on projections.retention_v1 to %s', granted); end loop;
    end $$;
do $$ declare granted regrole; begin
        for granted in
            select distinct acl.grantee::regrole from pg_class, aclexplode(relacl) acl
            where oid = 'projections.positions'::regclass and acl.grantee <> relowner and acl.grantee not in (
                select own.grantee from aclexplode(relacl) own where own.privilege_type = 'UPDATE')
        loop execute format('grant select on projections.retention_v1_history to %s', granted); end loop;
    end $$;
insert into projections.positions (name, table_version, code_version, status)
values ('retention', 1, 1, 'running');
insert into projections.live (name, table_version) values ('retention', 1);
