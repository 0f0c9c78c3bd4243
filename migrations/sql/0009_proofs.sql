-- The Merkle tree over the ledger, and what was signed of it. The worker that follows the log writes here; nothing is
-- ever changed or deleted. All of it but signatures and times can be made again from the ledger.
create schema proof;

-- the hash of the leaf of each event: position p is leaf p - 1 of the tree
create table proof.leaves (
    position bigint not null constraint leaves_pkey primary key,
    hash bytea not null,
    constraint leaves_position_check check (position > 0),
    constraint leaves_hash_check check (octet_length(hash) = 32)
);

-- 256 hashes side by side, of leaves (level 0) or of the tiles below, and the one hash over them. Only what is full
-- stands here: it never changes again.
create table proof.tiles (
    level smallint not null,
    number bigint not null,
    hashes bytea not null,
    root bytea not null,
    constraint tiles_pkey primary key (level, number),
    constraint tiles_place_check check (level between 0 and 7 and number >= 0),
    constraint tiles_hashes_check check (octet_length(hashes) = 8192),
    constraint tiles_root_check check (octet_length(root) = 32)
);

-- what was said of the whole log at one size, signed; and beside it of the heads of its streams and cases
create table proof.checkpoints (
    size bigint not null constraint checkpoints_pkey primary key,
    root bytea not null,
    note text not null,
    heads_root bytea not null,
    heads_note text not null,
    made_at timestamptz not null default clock_timestamp(),
    constraint checkpoints_size_check check (size > 0),
    constraint checkpoints_root_check check (octet_length(root) = 32),
    constraint checkpoints_heads_root_check check (octet_length(heads_root) = 32)
);

-- a witness saw the checkpoint, and that the log had only grown
create table proof.cosignatures (
    size bigint not null,
    name text collate "C" not null,
    key_id bytea not null,
    line text not null,
    made_at timestamptz not null default clock_timestamp(),
    constraint cosignatures_pkey primary key (size, name, key_id),
    constraint cosignatures_size_fkey foreign key (size) references proof.checkpoints
);

-- a witness refused a checkpoint because it contradicts an earlier one: both sides of it, as evidence
create table proof.conflicts (
    origin text collate "C" not null,
    witness text collate "C" not null,
    size bigint not null,
    note text not null,
    status integer not null,
    answer text not null,
    met_at timestamptz not null default clock_timestamp(),
    constraint conflicts_pkey primary key (origin, witness, size)
);

-- under which name the log signs, and from which size on. It takes another one only where somebody has decided to go on
-- with a ledger that is not the one that was signed before (an older backup): then an event of the ledger says so.
create table proof.origins (
    number integer not null constraint origins_pkey primary key,
    origin text collate "C" not null constraint origins_origin_key unique,
    since_size bigint not null,
    decided_at_position bigint,
    made_at timestamptz not null default clock_timestamp(),
    constraint origins_number_check check (number > 0)
);

-- which streams and cases there are, by the place of their head in the map of heads
create table proof.head_subjects (
    digest bytea not null constraint head_subjects_pkey primary key,
    bucket integer not null,
    kind text collate "C" not null,
    subject uuid not null,
    constraint head_subjects_digest_check check (octet_length(digest) = 32),
    constraint head_subjects_bucket_check check (bucket between 0 and 65535),
    constraint head_subjects_kind_check check (kind in ('stream', 'case'))
);
create index head_subjects_bucket_idx on proof.head_subjects (bucket);

-- the hash of a bucket of heads, whenever it has changed, from that size of the log on
create table proof.head_buckets (
    bucket integer not null,
    size bigint not null,
    hash bytea not null,
    constraint head_buckets_pkey primary key (bucket, size),
    constraint head_buckets_bucket_check check (bucket between 0 and 65535),
    constraint head_buckets_hash_check check (octet_length(hash) = 32)
);

-- Requests are found by position at no cost to whoever appends: new rows lie at the end, and their ranges are summed up
-- behind them.
create index keys_first_position_idx on ledger.keys using brin (first_position)
    with (pages_per_range = 16, autosummarize = on);

do $guard$
declare
    guarded text;
begin
    foreach guarded in array array['leaves', 'tiles', 'checkpoints', 'cosignatures', 'conflicts', 'origins',
                                   'head_subjects', 'head_buckets'] loop
        execute format(
            'create trigger refuse_change before update or delete or truncate on proof.%I'
            ' for each statement execute function ledger.refuse_change()', guarded
        );
    end loop;
end
$guard$;

-- Who may read the ledger may read its proof; the projector, which follows the log, adds to it.
do $grants$
declare
    granted regrole;
begin
    for granted in
        select distinct acl.grantee::regrole from pg_class, aclexplode(relacl) acl
        where oid = 'ledger.events'::regclass and acl.grantee <> relowner and acl.privilege_type = 'SELECT'
    loop
        execute format('grant usage on schema proof to %s', granted);
        execute format('grant select on all tables in schema proof to %s', granted);
    end loop;
    for granted in
        select distinct acl.grantee::regrole from pg_class, aclexplode(relacl) acl
        where oid = 'projections.positions'::regclass and acl.grantee <> relowner and acl.privilege_type = 'UPDATE'
    loop
        execute format('grant insert on all tables in schema proof to %s', granted);
    end loop;
end
$grants$;

-- where the proof stands, beside the read models
insert into projections.positions (name, table_version, code_version, status) values ('proof', 1, 1, 'running');
