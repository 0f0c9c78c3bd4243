-- What waits to be decided in each case.
--
-- On a ledger that has events already, the read model follows the log from its beginning.
CREATE TABLE projections.worklist_v1 (
    key TEXT COLLATE "C" NOT NULL,
    organisation TEXT COLLATE "C" NOT NULL,
    incident_id UUID NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    waiting_since TIMESTAMP WITH TIME ZONE NOT NULL,
    question TEXT COLLATE "C",
    decision_id UUID,
    outcome TEXT COLLATE "C",
    changed_facts TEXT NOT NULL,
    learning_response_id UUID,
    submitted_to TEXT COLLATE "C",
    action_id UUID,
    owner_role TEXT COLLATE "C",
    due_at TIMESTAMP WITH TIME ZONE,
    accepted_by UUID,
    completed_at TIMESTAMP WITH TIME ZONE,
    hands TEXT NOT NULL,
    changed_position BIGINT NOT NULL,
    PRIMARY KEY (key)
);
CREATE TABLE projections.worklist_v1_history (
    changed_position BIGINT NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    gone BOOLEAN NOT NULL,
    key TEXT COLLATE "C" NOT NULL,
    organisation TEXT COLLATE "C" NOT NULL,
    incident_id UUID NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    waiting_since TIMESTAMP WITH TIME ZONE NOT NULL,
    question TEXT COLLATE "C",
    decision_id UUID,
    outcome TEXT COLLATE "C",
    changed_facts TEXT NOT NULL,
    learning_response_id UUID,
    submitted_to TEXT COLLATE "C",
    action_id UUID,
    owner_role TEXT COLLATE "C",
    due_at TIMESTAMP WITH TIME ZONE,
    accepted_by UUID,
    completed_at TIMESTAMP WITH TIME ZONE,
    hands TEXT NOT NULL,
    PRIMARY KEY (key, changed_position)
);
CREATE TABLE projections.worklist_v1_state (
    key UUID NOT NULL,
    state BYTEA NOT NULL,
    PRIMARY KEY (key)
);
CREATE INDEX worklist_v1_history_position ON projections.worklist_v1_history (changed_position);
CREATE INDEX worklist_v1_incident_id ON projections.worklist_v1 (incident_id);
CREATE INDEX worklist_v1_organisation ON projections.worklist_v1 (organisation);
do $$ declare granted regrole; begin
        for granted in
            select distinct acl.grantee::regrole from pg_class, aclexplode(relacl) acl
            where oid = 'projections.positions'::regclass and acl.grantee <> relowner and acl.grantee in (
                select own.grantee from aclexplode(relacl) own where own.privilege_type = 'UPDATE')
        loop execute format('grant select, insert, delete on projections.worklist_v1 to %s', granted); end loop;
    end $$;
do $$ declare granted regrole; begin
        for granted in
            select distinct acl.grantee::regrole from pg_class, aclexplode(relacl) acl
            where oid = 'projections.positions'::regclass and acl.grantee <> relowner and acl.grantee in (
                select own.grantee from aclexplode(relacl) own where own.privilege_type = 'UPDATE')
        loop execute format('grant select, insert on projections.worklist_v1_history to %s', granted); end loop;
    end $$;
do $$ declare granted regrole; begin
        for granted in
            select distinct acl.grantee::regrole from pg_class, aclexplode(relacl) acl
            where oid = 'projections.positions'::regclass and acl.grantee <> relowner and acl.grantee in (
                select own.grantee from aclexplode(relacl) own where own.privilege_type = 'UPDATE')
        loop execute format('grant select, insert, delete on projections.worklist_v1_state to %s', granted); end loop;
    end $$;
do $$ declare granted regrole; begin
        for granted in
            select distinct acl.grantee::regrole from pg_class, aclexplode(relacl) acl
            where oid = 'projections.positions'::regclass and acl.grantee <> relowner and acl.grantee not in (
                select own.grantee from aclexplode(relacl) own where own.privilege_type = 'UPDATE')
        loop execute format('grant select on projections.worklist_v1 to %s', granted); end loop;
    end $$;
do $$ declare granted regrole; begin
        for granted in
            select distinct acl.grantee::regrole from pg_class, aclexplode(relacl) acl
            where oid = 'projections.positions'::regclass and acl.grantee <> relowner and acl.grantee not in (
                select own.grantee from aclexplode(relacl) own where own.privilege_type = 'UPDATE')
        loop execute format('grant select on projections.worklist_v1_history to %s', granted); end loop;
    end $$;
insert into projections.positions (name, table_version, code_version, status)
values ('worklist', 1, 1, 'running');
insert into projections.live (name, table_version) values ('worklist', 1);
