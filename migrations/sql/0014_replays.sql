-- Replays that auditors ask for. None of it is an event: it can be asked again at any time, and what nobody fetched is
-- gone after a week. Moments here are those of the server's own clock, also on a simulated ledger.
create schema audit;

create table audit.replays (
    id uuid not null constraint replays_pkey primary key,
    -- who asked: the pseudonym and the organisation of a caller, with the digests of an idempotency key and its body
    asked_by uuid not null,
    organisation text collate "C" not null,
    key bytea,
    body bytea not null,
    asked_at timestamptz not null default now(),
    -- what is folded again, up to where; of whose rows the keys may be told (null: of all)
    model text collate "C" not null,
    position bigint not null,
    providers text[],
    -- who carries it out: a runner holds it until `leased_until`; one that died lets another begin again
    status text collate "C" not null default 'queued',
    runner uuid,
    leased_until timestamptz,
    takeovers integer not null default 0,
    events bigint not null default 0,
    result jsonb,
    failure text,
    finished_at timestamptz,
    constraint replays_asked_by_key unique (asked_by, key),
    constraint replays_status_check check (status in ('queued', 'running', 'done', 'failed'))
);
create index replays_waiting_idx on audit.replays (asked_at) where status in ('queued', 'running');

-- The projector keeps what can be made again, and so also these; nobody else needs them.
do $grants$
declare
    granted regrole;
begin
    for granted in
        select distinct acl.grantee::regrole from pg_class, aclexplode(relacl) acl
        where oid = 'projections.positions'::regclass and acl.grantee <> relowner and acl.privilege_type = 'UPDATE'
    loop
        execute format('grant usage on schema audit to %s', granted);
        execute format('grant select, insert, update, delete on audit.replays to %s', granted);
    end loop;
end
$grants$;
