-- Random samples of decisions, committed before they are drawn.
select 1;
