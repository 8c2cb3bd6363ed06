-- Counts the workers of each script, by role and start method, and those of them that failed.
--   SET VARIABLE runs = 'runs/*.jsonl';   -- written by `spawntrace export FILE --to jsonl --flat`
select scriptPath, role, startMethod, count(*) as workers, count(distinct run) as runs,
  count(*) filter (status <> 0 or sig is not null) as failed
from read_json(getvariable('runs'), format = 'newline_delimited', columns = {
  run: 'VARCHAR', k: 'VARCHAR', scriptPath: 'VARCHAR', role: 'VARCHAR', startMethod: 'VARCHAR',
  status: 'BIGINT', sig: 'BIGINT'})
where k = 'process' and startMethod is not null
group by scriptPath, role, startMethod
order by workers desc, scriptPath, role;
