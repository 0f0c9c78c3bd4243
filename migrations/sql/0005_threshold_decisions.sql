-- One row for each threshold decision.
select 1;
