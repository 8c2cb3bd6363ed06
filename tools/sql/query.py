#!/usr/bin/env python3
"""Runs a query of this folder on flat recordings with DuckDB (PyPI: duckdb), and prints one JSON object per row.

    query.py QUERY.sql 'runs/*.jsonl'
"""
import json
import sys

import duckdb

query, runs = sys.argv[1:]
connection = duckdb.connect()
connection.execute("SET VARIABLE runs = '%s'" % runs.replace("'", "''"))
result = connection.execute(open(query, encoding="utf-8").read())
names = [column[0] for column in result.description]
for row in result.fetchall():
    print(json.dumps(dict(zip(names, row))))
