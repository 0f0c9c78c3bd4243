-- What each role of this database may do. The roles are made before the migrations run, named after the database.
do $grants$
declare
    writer text := format('%I', current_database() || '_writer');
    projector text := format('%I', current_database() || '_projector');
    reader text := format('%I', current_database() || '_reader');
    door regprocedure := (select p.oid::regprocedure from pg_proc p
                          where p.proname = 'append' and p.pronamespace = 'ledger'::regnamespace);
begin
    execute format('revoke all on function %s from public', door);
    execute format('revoke all on function ledger.refuse_change() from public');
    execute format('grant usage on schema ledger to %s, %s, %s', writer, projector, reader);
    execute format('grant select on all tables in schema ledger to %s, %s, %s', writer, projector, reader);
    -- handling and reading open sealed values with the wrapped keys; projections never open anything
    execute format('grant usage on schema vault to %s, %s', writer, reader);
    execute format('grant select on vault.keys to %s, %s', writer, reader);
    execute format('grant execute on function %s to %s', door, writer);
end
$grants$;
