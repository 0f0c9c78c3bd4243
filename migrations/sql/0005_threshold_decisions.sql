-- One row for each threshold decision.
CREATE TABLE projections.threshold_decisions_v1 (
    key TEXT COLLATE "C" NOT NULL,
    organisation TEXT COLLATE "C" NOT NULL,
    id UUID NOT NULL,
    incident_id UUID NOT NULL,
    site TEXT COLLATE "C",
    division TEXT COLLATE "C",
    specialty TEXT COLLATE "C",
    financial_year TEXT COLLATE "C" NOT NULL,
    quarter TEXT COLLATE "C" NOT NULL,
    record_type TEXT COLLATE "C" NOT NULL,
    regime TEXT COLLATE "C" NOT NULL,
    question TEXT COLLATE "C" NOT NULL,
    outcome TEXT COLLATE "C" NOT NULL,
    criteria TEXT NOT NULL,
    edition TEXT COLLATE "C" NOT NULL,
    assessed_outcome TEXT COLLATE "C",
    agrees BOOLEAN,
    departs BOOLEAN NOT NULL,
    has_departure_reason BOOLEAN NOT NULL,
    missing TEXT NOT NULL,
    deciding_facts TEXT COLLATE "C",
    facts TEXT NOT NULL,
    decided_by TEXT COLLATE "C" NOT NULL,
    decider UUID NOT NULL,
    identified_at TIMESTAMP WITH TIME ZONE NOT NULL,
    decided_at TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    current BOOLEAN NOT NULL,
    replaced_by UUID,
    entered_in_error BOOLEAN NOT NULL,
    changed_position BIGINT NOT NULL,
    PRIMARY KEY (key)
);
CREATE TABLE projections.threshold_decisions_v1_history (
    changed_position BIGINT NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    gone BOOLEAN NOT NULL,
    key TEXT COLLATE "C" NOT NULL,
    organisation TEXT COLLATE "C" NOT NULL,
    id UUID NOT NULL,
    incident_id UUID NOT NULL,
    site TEXT COLLATE "C",
    division TEXT COLLATE "C",
    specialty TEXT COLLATE "C",
    financial_year TEXT COLLATE "C" NOT NULL,
    quarter TEXT COLLATE "C" NOT NULL,
    record_type TEXT COLLATE "C" NOT NULL,
    regime TEXT COLLATE "C" NOT NULL,
    question TEXT COLLATE "C" NOT NULL,
    outcome TEXT COLLATE "C" NOT NULL,
    criteria TEXT NOT NULL,
    edition TEXT COLLATE "C" NOT NULL,
    assessed_outcome TEXT COLLATE "C",
    agrees BOOLEAN,
    departs BOOLEAN NOT NULL,
    has_departure_reason BOOLEAN NOT NULL,
    missing TEXT NOT NULL,
    deciding_facts TEXT COLLATE "C",
    facts TEXT NOT NULL,
    decided_by TEXT COLLATE "C" NOT NULL,
    decider UUID NOT NULL,
    identified_at TIMESTAMP WITH TIME ZONE NOT NULL,
    decided_at TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    current BOOLEAN NOT NULL,
    replaced_by UUID,
    entered_in_error BOOLEAN NOT NULL,
    PRIMARY KEY (key, changed_position)
);
CREATE TABLE projections.threshold_decisions_v1_state (
    key UUID NOT NULL,
    state BYTEA NOT NULL,
    PRIMARY KEY (key)
);
CREATE INDEX threshold_decisions_v1_decided_at ON projections.threshold_decisions_v1 (decided_at);
CREATE INDEX threshold_decisions_v1_deciding_facts ON projections.threshold_decisions_v1 (deciding_facts);
CREATE INDEX threshold_decisions_v1_history_position ON projections.threshold_decisions_v1_history (changed_position);
CREATE INDEX threshold_decisions_v1_incident_id ON projections.threshold_decisions_v1 (incident_id);
CREATE INDEX threshold_decisions_v1_organisation ON projections.threshold_decisions_v1 (organisation);
do $$ declare granted regrole; begin
        for granted in
            select distinct acl.grantee::regrole from pg_class, aclexplode(relacl) acl
            where oid = 'projections.positions'::regclass and acl.grantee <> relowner and acl.grantee in (
                select own.grantee from aclexplode(relacl) own where own.privilege_type = 'UPDATE')
        loop execute format('grant select, insert, delete on projections.threshold_decisions_v1 to %s', granted); end loop;
    end $$;
do $$ declare granted regrole; begin
        for granted in
            select distinct acl.grantee::regrole from pg_class, aclexplode(relacl) acl
            where oid = 'projections.positions'::regclass and acl.grantee <> relowner and acl.grantee in (
                select own.grantee from aclexplode(relacl) own where own.privilege_type = 'UPDATE')
        loop execute format('grant select, insert on projections.threshold_decisions_v1_history to %s', granted); end loop;
    end $$;
do $$ declare granted regrole; begin
        for granted in
            select distinct acl.grantee::regrole from pg_class, aclexplode(relacl) acl
            where oid = 'projections.positions'::regclass and acl.grantee <> relowner and acl.grantee in (
                select own.grantee from aclexplode(relacl) own where own.privilege_type = 'UPDATE')
        loop execute format('grant select, insert, delete on projections.threshold_decisions_v1_state to %s', granted); end loop;
    end $$;
do $$ declare granted regrole; begin
        for granted in
            select distinct acl.grantee::regrole from pg_class, aclexplode(relacl) acl
            where oid = 'projections.positions'::regclass and acl.grantee <> relowner and acl.grantee not in (
                select own.grantee from aclexplode(relacl) own where own.privilege_type = 'UPDATE')
        loop execute format('grant select on projections.threshold_decisions_v1 to %s', granted); end loop;
    end $$;
do $$ declare granted regrole; begin
        for granted in
            select distinct acl.grantee::regrole from pg_class, aclexplode(relacl) acl
            where oid = 'projections.positions'::regclass and acl.grantee <> relowner and acl.grantee not in (
                select own.grantee from aclexplode(relacl) own where own.privilege_type = 'UPDATE')
        loop execute format('grant select on projections.threshold_decisions_v1_history to %s', granted); end loop;
    end $$;
insert into projections.positions (name, table_version, code_version, status)
values ('threshold_decisions', 1, 1, 'running');
insert into projections.live (name, table_version) values ('threshold_decisions', 1);
