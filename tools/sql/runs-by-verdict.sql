-- Counts the runs for each verdict.
--   SET VARIABLE runs = 'runs/*.jsonl';   -- written by `spawntrace export FILE --to jsonl --flat`
select verdict, count(*) as runs, count(*) filter (truncated) as truncated, min(t0) as first, max(t0) as last
from read_json(getvariable('runs'), format = 'newline_delimited', columns = {
  run: 'VARCHAR', t0: 'VARCHAR', k: 'VARCHAR', verdict: 'VARCHAR', truncated: 'BOOLEAN'})
where k = 'verdict'
group by verdict
order by runs desc, verdict;
