-- The second form of the clocks: what was missed stays to be seen.
--
-- On a ledger without events they are the live ones at once, and the first form, which holds nothing, goes. Where events
-- were told already, nothing is done here: `incident-ledger rebuild timeliness` fills the second form beside the first,
-- and switches to it.
do $migration$
declare
    old record;
    granted record;
begin
if exists (select from ledger.events) then
    return;
end if;
for old in select table_version as version from projections.positions where name = 'timeliness'
loop
    execute format('drop table if exists projections.timeliness_v%s, projections.timeliness_v%s_history,'
        ' projections.timeliness_v%s_state', old.version, old.version, old.version);
end loop;
delete from projections.positions where name = 'timeliness';
delete from projections.rebuilds where name = 'timeliness';
CREATE TABLE projections.timeliness_v2 (
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
    set_aside_recorded_at TIMESTAMP WITH TIME ZONE,
    set_aside_overdue_since TIMESTAMP WITH TIME ZONE,
    missed_due_at TIMESTAMP WITH TIME ZONE,
    handed_over BOOLEAN NOT NULL,
    changed_position BIGINT NOT NULL,
    PRIMARY KEY (key)
);
CREATE TABLE projections.timeliness_v2_history (
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
    set_aside_recorded_at TIMESTAMP WITH TIME ZONE,
    set_aside_overdue_since TIMESTAMP WITH TIME ZONE,
    missed_due_at TIMESTAMP WITH TIME ZONE,
    handed_over BOOLEAN NOT NULL,
    PRIMARY KEY (key, changed_position)
);
CREATE TABLE projections.timeliness_v2_state (
    key UUID NOT NULL,
    state BYTEA NOT NULL,
    PRIMARY KEY (key)
);
CREATE INDEX timeliness_v2_due_at ON projections.timeliness_v2 (due_at);
CREATE INDEX timeliness_v2_history_position ON projections.timeliness_v2_history (changed_position);
CREATE INDEX timeliness_v2_incident_id ON projections.timeliness_v2 (incident_id);
CREATE INDEX timeliness_v2_organisation ON projections.timeliness_v2 (organisation);
-- The projector is whoever may update positions, the reader whoever may only read them (see 0002).
for granted in
    select acl.grantee::regrole as role, bool_or(acl.privilege_type = 'UPDATE') as writes
    from pg_class, aclexplode(relacl) acl
    where oid = 'projections.positions'::regclass and acl.grantee <> relowner
    group by acl.grantee
loop
    if granted.writes then
        execute format('grant select, insert, delete on projections.timeliness_v2 to %s', granted.role);
        execute format('grant select, insert on projections.timeliness_v2_history to %s', granted.role);
        execute format('grant select, insert, delete on projections.timeliness_v2_state to %s', granted.role);
    else
        execute format('grant select on projections.timeliness_v2, projections.timeliness_v2_history to %s', granted.role);
    end if;
end loop;
insert into projections.positions (name, table_version, code_version, status)
values ('timeliness', 2, 2, 'running');
update projections.live set table_version = 2 where name = 'timeliness';
end
$migration$;
