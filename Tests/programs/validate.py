"""Checks the lines of recordings against the schema: validate.py SCHEMA RECORDING... (PyPI: jsonschema)

Prints a line for each line of a recording that differs, and how many of each kind were read.
"""
import collections
import json
import sys

import jsonschema

schema = json.load(open(sys.argv[1], encoding="utf-8"))
jsonschema.Draft202012Validator.check_schema(schema)
validator = jsonschema.Draft202012Validator(schema)
kinds = collections.Counter()
for path in sys.argv[2:]:
    for number, line in enumerate(open(path, encoding="utf-8"), 1):
        value = json.loads(line)
        kinds[value.get("k")] += 1
        error = jsonschema.exceptions.best_match(validator.iter_errors(value))
        if error:
            print("%s:%d: %s at %s: %s" % (path, number, error.message, list(error.path), line[:200].strip()))
print(json.dumps(kinds, sort_keys=True))
