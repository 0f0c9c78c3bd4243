-- The first tables of the read models, and where the reactions stand.
CREATE TABLE projections.organisation_register_v1 (
    key TEXT COLLATE "C" NOT NULL,
    organisation TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    provider_type TEXT COLLATE "C",
    psirf_adopted_on DATE,
    plan TEXT COLLATE "C",
    commissioner TEXT COLLATE "C",
    from_on DATE,
    to_on DATE,
    changed_position BIGINT NOT NULL,
    PRIMARY KEY (key)
);
CREATE TABLE projections.organisation_register_v1_history (
    changed_position BIGINT NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    gone BOOLEAN NOT NULL,
    key TEXT COLLATE "C" NOT NULL,
    organisation TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    provider_type TEXT COLLATE "C",
    psirf_adopted_on DATE,
    plan TEXT COLLATE "C",
    commissioner TEXT COLLATE "C",
    from_on DATE,
    to_on DATE,
    PRIMARY KEY (key, changed_position)
);
CREATE TABLE projections.organisation_register_v1_state (
    key UUID NOT NULL,
    state BYTEA NOT NULL,
    PRIMARY KEY (key)
);
CREATE INDEX organisation_register_v1_commissioner ON projections.organisation_register_v1 (commissioner);
CREATE INDEX organisation_register_v1_history_position ON projections.organisation_register_v1_history (changed_position);
CREATE INDEX organisation_register_v1_organisation ON projections.organisation_register_v1 (organisation);
do $$ declare granted regrole; begin
        for granted in
            select distinct acl.grantee::regrole from pg_class, aclexplode(relacl) acl
            where oid = 'projections.positions'::regclass and acl.grantee <> relowner and acl.grantee in (
                select own.grantee from aclexplode(relacl) own where own.privilege_type = 'UPDATE')
        loop execute format('grant select, insert, delete on projections.organisation_register_v1 to %s', granted); end loop;
    end $$;
do $$ declare granted regrole; begin
        for granted in
            select distinct acl.grantee::regrole from pg_class, aclexplode(relacl) acl
            where oid = 'projections.positions'::regclass and acl.grantee <> relowner and acl.grantee in (
                select own.grantee from aclexplode(relacl) own where own.privilege_type = 'UPDATE')
        loop execute format('grant select, insert on projections.organisation_register_v1_history to %s', granted); end loop;
    end $$;
do $$ declare granted regrole; begin
        for granted in
            select distinct acl.grantee::regrole from pg_class, aclexplode(relacl) acl
            where oid = 'projections.positions'::regclass and acl.grantee <> relowner and acl.grantee in (
                select own.grantee from aclexplode(relacl) own where own.privilege_type = 'UPDATE')
        loop execute format('grant select, insert, delete on projections.organisation_register_v1_state to %s', granted); end loop;
    end $$;
do $$ declare granted regrole; begin
        for granted in
            select distinct acl.grantee::regrole from pg_class, aclexplode(relacl) acl
            where oid = 'projections.positions'::regclass and acl.grantee <> relowner and acl.grantee not in (
                select own.grantee from aclexplode(relacl) own where own.privilege_type = 'UPDATE')
        loop execute format('grant select on projections.organisation_register_v1 to %s', granted); end loop;
    end $$;
do $$ declare granted regrole; begin
        for granted in
            select distinct acl.grantee::regrole from pg_class, aclexplode(relacl) acl
            where oid = 'projections.positions'::regclass and acl.grantee <> relowner and acl.grantee not in (
                select own.grantee from aclexplode(relacl) own where own.privilege_type = 'UPDATE')
        loop execute format('grant select on projections.organisation_register_v1_history to %s', granted); end loop;
    end $$;
insert into projections.positions (name, table_version, code_version, status)
values ('organisation_register', 1, 1, 'running');
insert into projections.live (name, table_version) values ('organisation_register', 1);
CREATE TABLE projections.incident_register_v1 (
    key TEXT COLLATE "C" NOT NULL,
    organisation TEXT COLLATE "C" NOT NULL,
    id UUID NOT NULL,
    stream_version BIGINT NOT NULL,
    record_type TEXT COLLATE "C" NOT NULL,
    source_system TEXT COLLATE "C" NOT NULL,
    local_reference TEXT COLLATE "C" NOT NULL,
    regime TEXT COLLATE "C" NOT NULL,
    site TEXT COLLATE "C",
    division TEXT COLLATE "C",
    specialty TEXT COLLATE "C",
    financial_year TEXT COLLATE "C" NOT NULL,
    quarter TEXT COLLATE "C" NOT NULL,
    discovered_at TIMESTAMP WITH TIME ZONE NOT NULL,
    occurred_from TIMESTAMP WITH TIME ZONE,
    occurred_to TIMESTAMP WITH TIME ZONE,
    reported_at TIMESTAMP WITH TIME ZONE NOT NULL,
    what_happened TEXT NOT NULL,
    patients BIGINT,
    worst_harm TEXT COLLATE "C",
    status TEXT COLLATE "C" NOT NULL,
    serious_incident TEXT COLLATE "C",
    never_event TEXT COLLATE "C",
    national_response TEXT COLLATE "C",
    plan_priority TEXT COLLATE "C",
    notifiable_safety_incident TEXT COLLATE "C",
    cqc_notification TEXT COLLATE "C",
    safeguarding TEXT COLLATE "C",
    mnsi TEXT COLLATE "C",
    systemic_failure TEXT COLLATE "C",
    decide_again TEXT NOT NULL,
    assigned TEXT NOT NULL,
    safety_secured_at TIMESTAMP WITH TIME ZONE,
    evidence_items BIGINT NOT NULL,
    relevant_persons BIGINT NOT NULL,
    contact_declined BIGINT NOT NULL,
    questions_asked BIGINT NOT NULL,
    questions_open BIGINT NOT NULL,
    learning_responses TEXT NOT NULL,
    learning_responses_approved BIGINT NOT NULL,
    actions BIGINT NOT NULL,
    actions_open BIGINT NOT NULL,
    actions_verified BIGINT NOT NULL,
    closed_at TIMESTAMP WITH TIME ZONE,
    ending TEXT COLLATE "C",
    times_reopened BIGINT NOT NULL,
    changed_position BIGINT NOT NULL,
    PRIMARY KEY (key)
);
CREATE TABLE projections.incident_register_v1_history (
    changed_position BIGINT NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    gone BOOLEAN NOT NULL,
    key TEXT COLLATE "C" NOT NULL,
    organisation TEXT COLLATE "C" NOT NULL,
    id UUID NOT NULL,
    stream_version BIGINT NOT NULL,
    record_type TEXT COLLATE "C" NOT NULL,
    source_system TEXT COLLATE "C" NOT NULL,
    local_reference TEXT COLLATE "C" NOT NULL,
    regime TEXT COLLATE "C" NOT NULL,
    site TEXT COLLATE "C",
    division TEXT COLLATE "C",
    specialty TEXT COLLATE "C",
    financial_year TEXT COLLATE "C" NOT NULL,
    quarter TEXT COLLATE "C" NOT NULL,
    discovered_at TIMESTAMP WITH TIME ZONE NOT NULL,
    occurred_from TIMESTAMP WITH TIME ZONE,
    occurred_to TIMESTAMP WITH TIME ZONE,
    reported_at TIMESTAMP WITH TIME ZONE NOT NULL,
    what_happened TEXT NOT NULL,
    patients BIGINT,
    worst_harm TEXT COLLATE "C",
    status TEXT COLLATE "C" NOT NULL,
    serious_incident TEXT COLLATE "C",
    never_event TEXT COLLATE "C",
    national_response TEXT COLLATE "C",
    plan_priority TEXT COLLATE "C",
    notifiable_safety_incident TEXT COLLATE "C",
    cqc_notification TEXT COLLATE "C",
    safeguarding TEXT COLLATE "C",
    mnsi TEXT COLLATE "C",
    systemic_failure TEXT COLLATE "C",
    decide_again TEXT NOT NULL,
    assigned TEXT NOT NULL,
    safety_secured_at TIMESTAMP WITH TIME ZONE,
    evidence_items BIGINT NOT NULL,
    relevant_persons BIGINT NOT NULL,
    contact_declined BIGINT NOT NULL,
    questions_asked BIGINT NOT NULL,
    questions_open BIGINT NOT NULL,
    learning_responses TEXT NOT NULL,
    learning_responses_approved BIGINT NOT NULL,
    actions BIGINT NOT NULL,
    actions_open BIGINT NOT NULL,
    actions_verified BIGINT NOT NULL,
    closed_at TIMESTAMP WITH TIME ZONE,
    ending TEXT COLLATE "C",
    times_reopened BIGINT NOT NULL,
    PRIMARY KEY (key, changed_position)
);
CREATE TABLE projections.incident_register_v1_state (
    key UUID NOT NULL,
    state BYTEA NOT NULL,
    PRIMARY KEY (key)
);
CREATE INDEX incident_register_v1_discovered_at ON projections.incident_register_v1 (discovered_at);
CREATE INDEX incident_register_v1_history_position ON projections.incident_register_v1_history (changed_position);
CREATE INDEX incident_register_v1_organisation ON projections.incident_register_v1 (organisation);
do $$ declare granted regrole; begin
        for granted in
            select distinct acl.grantee::regrole from pg_class, aclexplode(relacl) acl
            where oid = 'projections.positions'::regclass and acl.grantee <> relowner and acl.grantee in (
                select own.grantee from aclexplode(relacl) own where own.privilege_type = 'UPDATE')
        loop execute format('grant select, insert, delete on projections.incident_register_v1 to %s', granted); end loop;
    end $$;
do $$ declare granted regrole; begin
        for granted in
            select distinct acl.grantee::regrole from pg_class, aclexplode(relacl) acl
            where oid = 'projections.positions'::regclass and acl.grantee <> relowner and acl.grantee in (
                select own.grantee from aclexplode(relacl) own where own.privilege_type = 'UPDATE')
        loop execute format('grant select, insert on projections.incident_register_v1_history to %s', granted); end loop;
    end $$;
do $$ declare granted regrole; begin
        for granted in
            select distinct acl.grantee::regrole from pg_class, aclexplode(relacl) acl
            where oid = 'projections.positions'::regclass and acl.grantee <> relowner and acl.grantee in (
                select own.grantee from aclexplode(relacl) own where own.privilege_type = 'UPDATE')
        loop execute format('grant select, insert, delete on projections.incident_register_v1_state to %s', granted); end loop;
    end $$;
do $$ declare granted regrole; begin
        for granted in
            select distinct acl.grantee::regrole from pg_class, aclexplode(relacl) acl
            where oid = 'projections.positions'::regclass and acl.grantee <> relowner and acl.grantee not in (
                select own.grantee from aclexplode(relacl) own where own.privilege_type = 'UPDATE')
        loop execute format('grant select on projections.incident_register_v1 to %s', granted); end loop;
    end $$;
do $$ declare granted regrole; begin
        for granted in
            select distinct acl.grantee::regrole from pg_class, aclexplode(relacl) acl
            where oid = 'projections.positions'::regclass and acl.grantee <> relowner and acl.grantee not in (
                select own.grantee from aclexplode(relacl) own where own.privilege_type = 'UPDATE')
        loop execute format('grant select on projections.incident_register_v1_history to %s', granted); end loop;
    end $$;
insert into projections.positions (name, table_version, code_version, status)
values ('incident_register', 1, 1, 'running');
insert into projections.live (name, table_version) values ('incident_register', 1);
CREATE TABLE projections.incident_timeline_v1 (
    key TEXT COLLATE "C" NOT NULL,
    organisation TEXT COLLATE "C" NOT NULL,
    case_id UUID NOT NULL,
    position BIGINT NOT NULL,
    stream UUID NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    type TEXT COLLATE "C" NOT NULL,
    actor UUID NOT NULL,
    effective_at TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    sentence TEXT COLLATE "C" NOT NULL,
    changed_position BIGINT NOT NULL,
    PRIMARY KEY (key)
);
CREATE TABLE projections.incident_timeline_v1_history (
    changed_position BIGINT NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    gone BOOLEAN NOT NULL,
    key TEXT COLLATE "C" NOT NULL,
    organisation TEXT COLLATE "C" NOT NULL,
    case_id UUID NOT NULL,
    position BIGINT NOT NULL,
    stream UUID NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    type TEXT COLLATE "C" NOT NULL,
    actor UUID NOT NULL,
    effective_at TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    sentence TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (key, changed_position)
);
CREATE TABLE projections.incident_timeline_v1_state (
    key UUID NOT NULL,
    state BYTEA NOT NULL,
    PRIMARY KEY (key)
);
CREATE INDEX incident_timeline_v1_case_id ON projections.incident_timeline_v1 (case_id);
CREATE INDEX incident_timeline_v1_history_position ON projections.incident_timeline_v1_history (changed_position);
CREATE INDEX incident_timeline_v1_organisation ON projections.incident_timeline_v1 (organisation);
do $$ declare granted regrole; begin
        for granted in
            select distinct acl.grantee::regrole from pg_class, aclexplode(relacl) acl
            where oid = 'projections.positions'::regclass and acl.grantee <> relowner and acl.grantee in (
                select own.grantee from aclexplode(relacl) own where own.privilege_type = 'UPDATE')
        loop execute format('grant select, insert, delete on projections.incident_timeline_v1 to %s', granted); end loop;
    end $$;
do $$ declare granted regrole; begin
        for granted in
            select distinct acl.grantee::regrole from pg_class, aclexplode(relacl) acl
            where oid = 'projections.positions'::regclass and acl.grantee <> relowner and acl.grantee in (
                select own.grantee from aclexplode(relacl) own where own.privilege_type = 'UPDATE')
        loop execute format('grant select, insert on projections.incident_timeline_v1_history to %s', granted); end loop;
    end $$;
do $$ declare granted regrole; begin
        for granted in
            select distinct acl.grantee::regrole from pg_class, aclexplode(relacl) acl
            where oid = 'projections.positions'::regclass and acl.grantee <> relowner and acl.grantee in (
                select own.grantee from aclexplode(relacl) own where own.privilege_type = 'UPDATE')
        loop execute format('grant select, insert, delete on projections.incident_timeline_v1_state to %s', granted); end loop;
    end $$;
do $$ declare granted regrole; begin
        for granted in
            select distinct acl.grantee::regrole from pg_class, aclexplode(relacl) acl
            where oid = 'projections.positions'::regclass and acl.grantee <> relowner and acl.grantee not in (
                select own.grantee from aclexplode(relacl) own where own.privilege_type = 'UPDATE')
        loop execute format('grant select on projections.incident_timeline_v1 to %s', granted); end loop;
    end $$;
do $$ declare granted regrole; begin
        for granted in
            select distinct acl.grantee::regrole from pg_class, aclexplode(relacl) acl
            where oid = 'projections.positions'::regclass and acl.grantee <> relowner and acl.grantee not in (
                select own.grantee from aclexplode(relacl) own where own.privilege_type = 'UPDATE')
        loop execute format('grant select on projections.incident_timeline_v1_history to %s', granted); end loop;
    end $$;
insert into projections.positions (name, table_version, code_version, status)
values ('incident_timeline', 1, 1, 'running');
insert into projections.live (name, table_version) values ('incident_timeline', 1);
CREATE TABLE projections.timeliness_v1 (
    key TEXT COLLATE "C" NOT NULL,
    organisation TEXT COLLATE "C" NOT NULL,
    id UUID NOT NULL,
    incident_id UUID NOT NULL,
    site TEXT COLLATE "C",
    division TEXT COLLATE "C",
    specialty TEXT COLLATE "C",
    financial_year TEXT COLLATE "C" NOT NULL,
    quarter TEXT COLLATE "C" NOT NULL,
    rule TEXT COLLATE "C" NOT NULL,
    title TEXT COLLATE "C" NOT NULL,
    edition TEXT COLLATE "C" NOT NULL,
    force TEXT COLLATE "C" NOT NULL,
    verified BOOLEAN NOT NULL,
    source TEXT COLLATE "C" NOT NULL,
    unit TEXT COLLATE "C" NOT NULL,
    length BIGINT,
    calendar TEXT COLLATE "C" NOT NULL,
    owed_by TEXT COLLATE "C" NOT NULL,
    recipients TEXT NOT NULL,
    person UUID,
    learning_response_id UUID,
    started_by TEXT COLLATE "C" NOT NULL,
    started_at TIMESTAMP WITH TIME ZONE NOT NULL,
    due_at TIMESTAMP WITH TIME ZONE,
    original_due_at TIMESTAMP WITH TIME ZONE,
    extensions BIGINT NOT NULL,
    redatings BIGINT NOT NULL,
    pauses BIGINT NOT NULL,
    paused_at TIMESTAMP WITH TIME ZONE,
    met_at TIMESTAMP WITH TIME ZONE,
    met_recorded_at TIMESTAMP WITH TIME ZONE,
    set_aside BOOLEAN NOT NULL,
    set_aside_because TEXT COLLATE "C",
    changed_position BIGINT NOT NULL,
    PRIMARY KEY (key)
);
CREATE TABLE projections.timeliness_v1_history (
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
    rule TEXT COLLATE "C" NOT NULL,
    title TEXT COLLATE "C" NOT NULL,
    edition TEXT COLLATE "C" NOT NULL,
    force TEXT COLLATE "C" NOT NULL,
    verified BOOLEAN NOT NULL,
    source TEXT COLLATE "C" NOT NULL,
    unit TEXT COLLATE "C" NOT NULL,
    length BIGINT,
    calendar TEXT COLLATE "C" NOT NULL,
    owed_by TEXT COLLATE "C" NOT NULL,
    recipients TEXT NOT NULL,
    person UUID,
    learning_response_id UUID,
    started_by TEXT COLLATE "C" NOT NULL,
    started_at TIMESTAMP WITH TIME ZONE NOT NULL,
    due_at TIMESTAMP WITH TIME ZONE,
    original_due_at TIMESTAMP WITH TIME ZONE,
    extensions BIGINT NOT NULL,
    redatings BIGINT NOT NULL,
    pauses BIGINT NOT NULL,
    paused_at TIMESTAMP WITH TIME ZONE,
    met_at TIMESTAMP WITH TIME ZONE,
    met_recorded_at TIMESTAMP WITH TIME ZONE,
    set_aside BOOLEAN NOT NULL,
    set_aside_because TEXT COLLATE "C",
    PRIMARY KEY (key, changed_position)
);
CREATE TABLE projections.timeliness_v1_state (
    key UUID NOT NULL,
    state BYTEA NOT NULL,
    PRIMARY KEY (key)
);
CREATE INDEX timeliness_v1_due_at ON projections.timeliness_v1 (due_at);
CREATE INDEX timeliness_v1_history_position ON projections.timeliness_v1_history (changed_position);
CREATE INDEX timeliness_v1_incident_id ON projections.timeliness_v1 (incident_id);
CREATE INDEX timeliness_v1_organisation ON projections.timeliness_v1 (organisation);
do $$ declare granted regrole; begin
        for granted in
            select distinct acl.grantee::regrole from pg_class, aclexplode(relacl) acl
            where oid = 'projections.positions'::regclass and acl.grantee <> relowner and acl.grantee in (
                select own.grantee from aclexplode(relacl) own where own.privilege_type = 'UPDATE')
        loop execute format('grant select, insert, delete on projections.timeliness_v1 to %s', granted); end loop;
    end $$;
do $$ declare granted regrole; begin
        for granted in
            select distinct acl.grantee::regrole from pg_class, aclexplode(relacl) acl
            where oid = 'projections.positions'::regclass and acl.grantee <> relowner and acl.grantee in (
                select own.grantee from aclexplode(relacl) own where own.privilege_type = 'UPDATE')
        loop execute format('grant select, insert on projections.timeliness_v1_history to %s', granted); end loop;
    end $$;
do $$ declare granted regrole; begin
        for granted in
            select distinct acl.grantee::regrole from pg_class, aclexplode(relacl) acl
            where oid = 'projections.positions'::regclass and acl.grantee <> relowner and acl.grantee in (
                select own.grantee from aclexplode(relacl) own where own.privilege_type = 'UPDATE')
        loop execute format('grant select, insert, delete on projections.timeliness_v1_state to %s', granted); end loop;
    end $$;
do $$ declare granted regrole; begin
        for granted in
            select distinct acl.grantee::regrole from pg_class, aclexplode(relacl) acl
            where oid = 'projections.positions'::regclass and acl.grantee <> relowner and acl.grantee not in (
                select own.grantee from aclexplode(relacl) own where own.privilege_type = 'UPDATE')
        loop execute format('grant select on projections.timeliness_v1 to %s', granted); end loop;
    end $$;
do $$ declare granted regrole; begin
        for granted in
            select distinct acl.grantee::regrole from pg_class, aclexplode(relacl) acl
            where oid = 'projections.positions'::regclass and acl.grantee <> relowner and acl.grantee not in (
                select own.grantee from aclexplode(relacl) own where own.privilege_type = 'UPDATE')
        loop execute format('grant select on projections.timeliness_v1_history to %s', granted); end loop;
    end $$;
insert into projections.positions (name, table_version, code_version, status)
values ('timeliness', 1, 1, 'running');
insert into projections.live (name, table_version) values ('timeliness', 1);
CREATE TABLE projections.action_tracker_v1 (
    key TEXT COLLATE "C" NOT NULL,
    organisation TEXT COLLATE "C" NOT NULL,
    id UUID NOT NULL,
    incident_id UUID NOT NULL,
    incidents TEXT NOT NULL,
    learning_response_id UUID,
    findings BIGINT NOT NULL,
    change TEXT NOT NULL,
    owner_name TEXT NOT NULL,
    owner_role TEXT COLLATE "C" NOT NULL,
    strength TEXT COLLATE "C" NOT NULL,
    has_measure BOOLEAN NOT NULL,
    financial_year TEXT COLLATE "C" NOT NULL,
    quarter TEXT COLLATE "C" NOT NULL,
    agreed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    due_on DATE NOT NULL,
    original_due_on DATE NOT NULL,
    extensions BIGINT NOT NULL,
    handovers BIGINT NOT NULL,
    rejections BIGINT NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    monitored_by TEXT COLLATE "C",
    accepted_at TIMESTAMP WITH TIME ZONE,
    completed_at TIMESTAMP WITH TIME ZONE,
    completed_recorded_at TIMESTAMP WITH TIME ZONE,
    verified_at TIMESTAMP WITH TIME ZONE,
    withdrawn_at TIMESTAMP WITH TIME ZONE,
    changed_position BIGINT NOT NULL,
    PRIMARY KEY (key)
);
CREATE TABLE projections.action_tracker_v1_history (
    changed_position BIGINT NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    gone BOOLEAN NOT NULL,
    key TEXT COLLATE "C" NOT NULL,
    organisation TEXT COLLATE "C" NOT NULL,
    id UUID NOT NULL,
    incident_id UUID NOT NULL,
    incidents TEXT NOT NULL,
    learning_response_id UUID,
    findings BIGINT NOT NULL,
    change TEXT NOT NULL,
    owner_name TEXT NOT NULL,
    owner_role TEXT COLLATE "C" NOT NULL,
    strength TEXT COLLATE "C" NOT NULL,
    has_measure BOOLEAN NOT NULL,
    financial_year TEXT COLLATE "C" NOT NULL,
    quarter TEXT COLLATE "C" NOT NULL,
    agreed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    due_on DATE NOT NULL,
    original_due_on DATE NOT NULL,
    extensions BIGINT NOT NULL,
    handovers BIGINT NOT NULL,
    rejections BIGINT NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    monitored_by TEXT COLLATE "C",
    accepted_at TIMESTAMP WITH TIME ZONE,
    completed_at TIMESTAMP WITH TIME ZONE,
    completed_recorded_at TIMESTAMP WITH TIME ZONE,
    verified_at TIMESTAMP WITH TIME ZONE,
    withdrawn_at TIMESTAMP WITH TIME ZONE,
    PRIMARY KEY (key, changed_position)
);
CREATE TABLE projections.action_tracker_v1_state (
    key UUID NOT NULL,
    state BYTEA NOT NULL,
    PRIMARY KEY (key)
);
CREATE INDEX action_tracker_v1_due_on ON projections.action_tracker_v1 (due_on);
CREATE INDEX action_tracker_v1_history_position ON projections.action_tracker_v1_history (changed_position);
CREATE INDEX action_tracker_v1_organisation ON projections.action_tracker_v1 (organisation);
do $$ declare granted regrole; begin
        for granted in
            select distinct acl.grantee::regrole from pg_class, aclexplode(relacl) acl
            where oid = 'projections.positions'::regclass and acl.grantee <> relowner and acl.grantee in (
                select own.grantee from aclexplode(relacl) own where own.privilege_type = 'UPDATE')
        loop execute format('grant select, insert, delete on projections.action_tracker_v1 to %s', granted); end loop;
    end $$;
do $$ declare granted regrole; begin
        for granted in
            select distinct acl.grantee::regrole from pg_class, aclexplode(relacl) acl
            where oid = 'projections.positions'::regclass and acl.grantee <> relowner and acl.grantee in (
                select own.grantee from aclexplode(relacl) own where own.privilege_type = 'UPDATE')
        loop execute format('grant select, insert on projections.action_tracker_v1_history to %s', granted); end loop;
    end $$;
do $$ declare granted regrole; begin
        for granted in
            select distinct acl.grantee::regrole from pg_class, aclexplode(relacl) acl
            where oid = 'projections.positions'::regclass and acl.grantee <> relowner and acl.grantee in (
                select own.grantee from aclexplode(relacl) own where own.privilege_type = 'UPDATE')
        loop execute format('grant select, insert, delete on projections.action_tracker_v1_state to %s', granted); end loop;
    end $$;
do $$ declare granted regrole; begin
        for granted in
            select distinct acl.grantee::regrole from pg_class, aclexplode(relacl) acl
            where oid = 'projections.positions'::regclass and acl.grantee <> relowner and acl.grantee not in (
                select own.grantee from aclexplode(relacl) own where own.privilege_type = 'UPDATE')
        loop execute format('grant select on projections.action_tracker_v1 to %s', granted); end loop;
    end $$;
do $$ declare granted regrole; begin
        for granted in
            select distinct acl.grantee::regrole from pg_class, aclexplode(relacl) acl
            where oid = 'projections.positions'::regclass and acl.grantee <> relowner and acl.grantee not in (
                select own.grantee from aclexplode(relacl) own where own.privilege_type = 'UPDATE')
        loop execute format('grant select on projections.action_tracker_v1_history to %s', granted); end loop;
    end $$;
insert into projections.positions (name, table_version, code_version, status)
values ('action_tracker', 1, 1, 'running');
insert into projections.live (name, table_version) values ('action_tracker', 1);
insert into projections.positions (name, table_version, code_version, status)
values ('reactions', 1, 1, 'running');
