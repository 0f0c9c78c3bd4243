-- What waits to be decided in each case.
select 1;
