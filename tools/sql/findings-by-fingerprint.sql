-- Lists the findings of all runs, the most frequent first. Findings with the same fingerprint have the same cause.
--   SET VARIABLE runs = 'runs/*.jsonl';   -- written by `spawntrace export FILE --to jsonl --flat`
select fingerprint, kind, any_value(culpritPath) as path, any_value(culpritLine) as line,
  count(distinct run) as runs, sum(occurrences)::BIGINT as occurrences,
  list_sort(list_distinct(list(pythonVersion))) as pythons, list_sort(list_distinct(list(host))) as hosts
from read_json(getvariable('runs'), format = 'newline_delimited', columns = {
  run: 'VARCHAR', host: 'VARCHAR', k: 'VARCHAR', fingerprint: 'VARCHAR', kind: 'VARCHAR',
  culpritPath: 'VARCHAR', culpritLine: 'BIGINT', occurrences: 'BIGINT', pythonVersion: 'VARCHAR'})
where k = 'finding'
group by fingerprint, kind
order by runs desc, fingerprint;
