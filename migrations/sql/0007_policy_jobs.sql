-- What-if questions about policy, and their results. None of it is an event: it can be asked again at any time, and what
-- nobody fetched is gone after a week. Moments here are those of the server's own clock, also on a simulated ledger.
create schema policy;

create table policy.what_ifs (
    id uuid not null constraint what_ifs_pkey primary key,
    -- who asked: the pseudonym and the organisation of a caller, with the digests of an idempotency key and its body
    asked_by uuid not null,
    organisation text collate "C" not null,
    key bytea,
    body bytea not null,
    asked_at timestamptz not null default now(),
    -- what was asked, of whose cases, about which past, compared with which moment
    question jsonb not null,
    providers text[] not null,
    position bigint not null,
    as_of timestamptz not null,
    -- who carries it out: a runner holds it until `leased_until`; one that died lets another go on from `after`
    status text collate "C" not null default 'queued',
    runner uuid,
    leased_until timestamptz,
    takeovers integer not null default 0,
    policy text collate "C",
    after_provider text collate "C",
    after_position bigint,
    looked_at bigint not null default 0,
    total bigint,
    counts jsonb,
    failure text,
    finished_at timestamptz,
    constraint what_ifs_asked_by_key unique (asked_by, key),
    constraint what_ifs_status_check check (status in ('queued', 'running', 'done', 'failed'))
);
create index what_ifs_waiting_idx on policy.what_ifs (asked_at) where status in ('queued', 'running');

create table policy.what_if_rows (
    what_if uuid not null constraint what_if_rows_what_if_fkey references policy.what_ifs on delete cascade,
    list text collate "C" not null,
    number bigint not null,
    incident uuid not null,
    rule text collate "C",
    difference text collate "C",
    row jsonb not null,
    constraint what_if_rows_pkey primary key (what_if, list, number)
);

-- The projector keeps what can be made again, and so also these; nobody else needs them.
do $grants$
declare
    granted regrole;
begin
    for granted in
        select distinct acl.grantee::regrole from pg_class, aclexplode(relacl) acl
        where oid = 'projections.positions'::regclass and acl.grantee <> relowner and acl.privilege_type = 'UPDATE'
    loop
        execute format('grant usage on schema policy to %s', granted);
        execute format('grant select, insert, update, delete on policy.what_ifs to %s', granted);
        execute format('grant select, insert, delete on policy.what_if_rows to %s', granted);
    end loop;
end
$grants$;
