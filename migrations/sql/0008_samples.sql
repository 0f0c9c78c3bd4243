-- Random samples of decisions, committed before they are drawn.
CREATE TABLE projections.audit_samples_v1 (
    key TEXT COLLATE "C" NOT NULL,
    organisation TEXT COLLATE "C" NOT NULL,
    id UUID NOT NULL,
    stream_version BIGINT NOT NULL,
    status TEXT COLLATE "C" NOT NULL,
    providers TEXT NOT NULL,
    question TEXT COLLATE "C" NOT NULL,
    outcome TEXT COLLATE "C" NOT NULL,
    size BIGINT NOT NULL,
    population_until TIMESTAMP WITH TIME ZONE NOT NULL,
    seed_hash TEXT COLLATE "C" NOT NULL,
    committed_position BIGINT NOT NULL,
    committed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    drawn_at TIMESTAMP WITH TIME ZONE,
    seed TEXT COLLATE "C",
    population_position BIGINT,
    beacon UUID,
    population_size BIGINT,
    population_digest TEXT COLLATE "C",
    decision_ids TEXT NOT NULL,
    incident_ids TEXT NOT NULL,
    changed_position BIGINT NOT NULL,
    PRIMARY KEY (key)
);
CREATE TABLE projections.audit_samples_v1_history (
    changed_position BIGINT NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    gone BOOLEAN NOT NULL,
    key TEXT COLLATE "C" NOT NULL,
    organisation TEXT COLLATE "C" NOT NULL,
    id UUID NOT NULL,
    stream_version BIGINT NOT NULL,
    status TEXT COLLATE "C" NOT NULL,
    providers TEXT NOT NULL,
    question TEXT COLLATE "C" NOT NULL,
    outcome TEXT COLLATE "C" NOT NULL,
    size BIGINT NOT NULL,
    population_until TIMESTAMP WITH TIME ZONE NOT NULL,
    seed_hash TEXT COLLATE "C" NOT NULL,
    committed_position BIGINT NOT NULL,
    committed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    drawn_at TIMESTAMP WITH TIME ZONE,
    seed TEXT COLLATE "C",
    population_position BIGINT,
    beacon UUID,
    population_size BIGINT,
    population_digest TEXT COLLATE "C",
    decision_ids TEXT NOT NULL,
    incident_ids TEXT NOT NULL,
    PRIMARY KEY (key, changed_position)
);
CREATE TABLE projections.audit_samples_v1_state (
    key UUID NOT NULL,
    state BYTEA NOT NULL,
    PRIMARY KEY (key)
);
CREATE INDEX audit_samples_v1_history_position ON projections.audit_samples_v1_history (changed_position);
CREATE INDEX audit_samples_v1_organisation ON projections.audit_samples_v1 (organisation);
do $$ declare granted regrole; begin
        for granted in
            select distinct acl.grantee::regrole from pg_class, aclexplode(relacl) acl
            where oid = 'projections.positions'::regclass and acl.grantee <> relowner and acl.grantee in (
                select own.grantee from aclexplode(relacl) own where own.privilege_type = 'UPDATE')
        loop execute format('grant select, insert, delete on projections.audit_samples_v1 to %s', granted); end loop;
    end $$;
do $$ declare granted regrole; begin
        for granted in
            select distinct acl.grantee::regrole from pg_class, aclexplode(relacl) acl
            where oid = 'projections.positions'::regclass and acl.grantee <> relowner and acl.grantee in (
                select own.grantee from aclexplode(relacl) own where own.privilege_type = 'UPDATE')
        loop execute format('grant select, insert on projections.audit_samples_v1_history to %s', granted); end loop;
    end $$;
do $$ declare granted regrole; begin
        for granted in
            select distinct acl.grantee::regrole from pg_class, aclexplode(relacl) acl
            where oid = 'projections.positions'::regclass and acl.grantee <> relowner and acl.grantee in (
                select own.grantee from aclexplode(relacl) own where own.privilege_type = 'UPDATE')
        loop execute format('grant select, insert, delete on projections.audit_samples_v1_state to %s', granted); end loop;
    end $$;
do $$ declare granted regrole; begin
        for granted in
            select distinct acl.grantee::regrole from pg_class, aclexplode(relacl) acl
            where oid = 'projections.positions'::regclass and acl.grantee <> relowner and acl.grantee not in (
                select own.grantee from aclexplode(relacl) own where own.privilege_type = 'UPDATE')
        loop execute format('grant select on projections.audit_samples_v1 to %s', granted); end loop;
    end $$;
do $$ declare granted regrole; begin
        for granted in
            select distinct acl.grantee::regrole from pg_class, aclexplode(relacl) acl
            where oid = 'projections.positions'::regclass and acl.grantee <> relowner and acl.grantee not in (
                select own.grantee from aclexplode(relacl) own where own.privilege_type = 'UPDATE')
        loop execute format('grant select on projections.audit_samples_v1_history to %s', granted); end loop;
    end $$;
insert into projections.positions (name, table_version, code_version, status)
values ('audit_samples', 1, 1, 'running');
insert into projections.live (name, table_version) values ('audit_samples', 1);
