-- The only door through which anything enters the ledger.
--
-- Arrays hold one entry for each request (streams .. births), for each event (event_requests .. editions) or for each
-- guard, claim, case, key and actor; a "requests" array says whose an entry is, counting from 1. Every request has its
-- own outcome. The caller never sends a request that depends on an earlier one of the same call.
create function ledger.append(
    patience_ms integer,
    streams uuid[], kinds text[], expected bigint[], counts integer[], keys bytea[], bodies bytea[],
    organisations text[], actors uuid[], correlations text[], causations uuid[], builds text[],
    clocks timestamptz[], births text[],
    event_requests integer[], event_ids uuid[], types text[], payloads bytea[], effective timestamptz[],
    editions text[],
    guard_requests integer[], guard_streams uuid[], guard_versions bigint[],
    case_guard_requests integer[], case_guard_cases uuid[], case_guard_counts integer[],
    claim_requests integer[], claim_digests bytea[],
    case_requests integer[], case_ids uuid[],
    key_requests integer[], key_ids uuid[], key_abouts uuid[], key_wrapped bytea[], key_keks text[],
    actor_requests integer[], actor_ids uuid[], actor_sealed bytea[]
) returns table (
    outcome text, found_stream uuid, found_version bigint, from_position bigint, to_position bigint,
    stood_at timestamptz, detail bytea
)
language plpgsql security definer
set search_path = pg_catalog, pg_temp
-- one plan for ever, by index, whatever the statistics of a young table say
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set jit = off
as $append$
declare
    head bigint;
    moment timestamptz;
    simulated boolean;
    newest bigint;
    written bigint;
    hit record;
    outcomes text[];
    found_streams uuid[];
    found_versions bigint[];
    from_positions bigint[];
    to_positions bigint[];
    moments timestamptz[];
    details bytea[];
begin
    if current_setting('transaction_isolation') <> 'read committed' then
        -- the head would be read from a snapshot older than the lock
        raise exception 'append needs read committed' using errcode = 'invalid_transaction_state';
    end if;
    if exists (
        select from unnest(guard_requests, guard_streams) as g (request, stream)
        where array_position(streams, g.stream) < g.request
    ) or exists (
        select from unnest(case_guard_requests, case_guard_cases) as g (request, case_id)
        join unnest(case_requests, case_ids) as c (request, case_id) on c.case_id = g.case_id and c.request < g.request
    ) then
        raise exception 'a request depends on an earlier one of its batch' using errcode = 'data_exception';
    end if;

    perform set_config('lock_timeout', patience_ms::text, true);
    perform pg_advisory_xact_lock(7236271946541);

    -- From here on this call is alone. Each statement takes a new snapshot, so it sees what the last holder committed.
    select e.position, e.recorded_at into head, moment from ledger.events e order by e.position desc limit 1;
    select o.simulated into simulated from ledger.origin o;

    select
        array_agg(case when k.body = r.body then 'replayed' when k.body is not null then 'key_reused'
                       when v.version <> r.expected then 'conflict' else 'appended' end order by r.n),
        array_agg(coalesce(k.stream, r.stream) order by r.n),
        array_agg(coalesce(k.version, v.version) order by r.n),
        array_agg(k.first_position order by r.n),
        array_agg(k.last_position order by r.n),
        array_agg(k.recorded_at order by r.n),
        array_agg(null::bytea order by r.n)
    into outcomes, found_streams, found_versions, from_positions, to_positions, moments, details
    from unnest(streams, expected, keys, bodies) with ordinality as r (stream, expected, key, body, n)
    -- limits keep these as one index probe a request: no plan may ever read a whole table under the lock
    left join lateral (select * from ledger.keys k where k.key = r.key limit 1) k on true
    cross join lateral (
        select coalesce(
            (select e.version from ledger.events e where e.stream = r.stream order by e.version desc limit 1), 0
        ) as version
    ) v;

    if cardinality(guard_requests) > 0 then
        for hit in
            select g.request, g.stream
            from unnest(guard_requests, guard_streams, guard_versions) with ordinality as g (request, stream, version, n)
            where g.version <> coalesce(
                (select e.version from ledger.events e where e.stream = g.stream order by e.version desc limit 1), 0
            )
            order by g.n
        loop
            if outcomes[hit.request] = 'appended' then
                outcomes[hit.request] := 'guard_failed';
                found_streams[hit.request] := hit.stream;
            end if;
        end loop;
    end if;

    if cardinality(case_guard_requests) > 0 then
        for hit in
            select g.request, g.case_id
            from unnest(case_guard_requests, case_guard_cases, case_guard_counts) with ordinality
                as g (request, case_id, streams, n)
            where g.streams <> (select count(*) from ledger.stream_cases c where c.case_id = g.case_id)
            order by g.n
        loop
            if outcomes[hit.request] = 'appended' then
                outcomes[hit.request] := 'guard_failed';
                found_streams[hit.request] := hit.case_id;
            end if;
        end loop;
    end if;

    if cardinality(claim_requests) > 0 then
        for hit in
            select d.request, d.digest, c.stream
            from unnest(claim_requests, claim_digests) with ordinality as d (request, digest, n)
            cross join lateral (select c.stream from ledger.claims c where c.digest = d.digest limit 1) c
            where c.stream <> streams[d.request]
            order by d.n
        loop
            if outcomes[hit.request] = 'appended' then
                outcomes[hit.request] := 'claimed';
                found_streams[hit.request] := hit.stream;
                details[hit.request] := hit.digest;
            end if;
        end loop;
    end if;

    if cardinality(key_requests) > 0 then
        for hit in
            select k.request
            from unnest(key_requests, key_ids) as k (request, key_id)
            where exists (select from vault.keys v where v.key_id = k.key_id)
        loop
            if outcomes[hit.request] = 'appended' then
                outcomes[hit.request] := 'conflict';
            end if;
        end loop;
    end if;

    newest := coalesce(head, 0);
    for n in 1 .. cardinality(streams) loop
        continue when outcomes[n] <> 'appended';
        if simulated is null and (births[n] is null or cardinality(streams) > 1 or types[1] <> 'ledger.opened.v1') then
            outcomes[n] := 'not_open';
        elsif simulated is not null and births[n] is not null then
            outcomes[n] := 'already_open';
        elsif clocks[n] is not null and not coalesce(simulated, births[n] = 'simulated') then
            outcomes[n] := 'clock_refused';
        elsif simulated is null and births[n] = 'simulated' and clocks[n] is null then
            outcomes[n] := 'clock_missing';
        else
            -- greatest() passes over nulls: an empty ledger has no moment, and most requests move no clock
            moment := greatest(moment, case when coalesce(simulated, births[n] = 'simulated') then clocks[n]
                                            else clock_timestamp() end);
            from_positions[n] := newest + 1;
            newest := newest + counts[n];
            to_positions[n] := newest;
            found_versions[n] := expected[n] + counts[n];
            moments[n] := moment;
        end if;
    end loop;

    if newest > coalesce(head, 0) then
        insert into ledger.events (
            position, stream, version, event_id, type, payload, organisation, actor, correlation, causation,
            effective_at, recorded_at, editions, build
        )
        select
            e.position, streams[e.request], expected[e.request] + e.position - from_positions[e.request] + 1,
            e.event_id, e.type, e.payload, organisations[e.request], actors[e.request], correlations[e.request],
            causations[e.request], e.effective_at, moments[e.request], e.editions::text[], builds[e.request]
        from (
            select coalesce(head, 0) + row_number() over (order by e.n) as position, e.*
            from unnest(event_requests, event_ids, types, payloads, effective, editions) with ordinality
                as e (request, event_id, type, payload, effective_at, editions, n)
            where outcomes[e.request] = 'appended'
        ) e;
        get diagnostics written = row_count;
        if written <> newest - coalesce(head, 0) then
            raise exception 'counts and events differ' using errcode = 'data_exception';
        end if;

        insert into ledger.keys (key, body, stream, version, first_position, last_position, recorded_at)
        select keys[n], bodies[n], streams[n], found_versions[n], from_positions[n], to_positions[n], moments[n]
        from generate_series(1, cardinality(streams)) n
        where outcomes[n] = 'appended';

        insert into ledger.streams (stream, kind, organisation)
        select streams[n], kinds[n], organisations[n]
        from generate_series(1, cardinality(streams)) n
        where outcomes[n] = 'appended' and expected[n] = 0;

        if cardinality(case_requests) > 0 then
            insert into ledger.stream_cases (stream, case_id, position)
            select streams[c.request], c.case_id, from_positions[c.request]
            from unnest(case_requests, case_ids) as c (request, case_id)
            where outcomes[c.request] = 'appended'
            on conflict do nothing;
        end if;
        if cardinality(claim_requests) > 0 then
            insert into ledger.claims (digest, stream)
            select c.digest, streams[c.request]
            from unnest(claim_requests, claim_digests) as c (request, digest)
            where outcomes[c.request] = 'appended'
              and not exists (select from ledger.claims own where own.digest = c.digest);
        end if;
        if cardinality(key_requests) > 0 then
            insert into vault.keys (key_id, about, wrapped, kek)
            select k.key_id, k.about, k.wrapped, k.kek
            from unnest(key_requests, key_ids, key_abouts, key_wrapped, key_keks)
                as k (request, key_id, about, wrapped, kek)
            where outcomes[k.request] = 'appended';
        end if;
        if cardinality(actor_requests) > 0 then
            insert into ledger.actors (actor, sealed)
            select a.actor, a.sealed
            from unnest(actor_requests, actor_ids, actor_sealed) as a (request, actor, sealed)
            where outcomes[a.request] = 'appended'
            on conflict do nothing;
        end if;
        if simulated is null then
            insert into ledger.origin (simulated) values (births[1] = 'simulated');
        end if;
    end if;

    return query
    select * from unnest(
        outcomes, found_streams, found_versions, from_positions, to_positions, moments, details
    );
end
$append$;
