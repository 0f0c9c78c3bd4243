-- The second form of the clocks: what was missed stays to be seen.
select 1;
