-- What-if questions about policy, and their results.
select 1;
