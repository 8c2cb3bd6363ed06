"""A guarded Pool of 8 with a test suite's imports and work: pool.py METHOD, for overhead.py."""
import asyncio
import concurrent.futures
import decimal
import difflib
import email.parser
import hashlib
import http.client
import json
import logging.config
import multiprocessing
import random
import sys
import unittest.mock
import xml.etree.ElementTree
import zlib

TASKS = 300
IMPORTED = (asyncio, concurrent.futures, email.parser, http.client, logging.config, unittest.mock,
            xml.etree.ElementTree)


def work(number):
    """Works like a test for some 10 ms: makes data, compresses and restores them, and compares."""
    chance = random.Random(number)
    rows = [{"id": n, "name": "row %d" % chance.randrange(1000),
             "price": str(decimal.Decimal(chance.randrange(10 ** 6)) / 100),
             "tags": sorted(chance.sample(range(100), 5))} for n in range(1400)]
    text = json.dumps(rows, sort_keys=True)
    again = json.loads(zlib.decompress(zlib.compress(text.encode())).decode())
    assert again == rows
    lines = [row["name"] for row in rows[:120]]
    changed = list(difflib.unified_diff(lines, sorted(lines)))
    return hashlib.sha256(text.encode()).hexdigest(), len(changed)


def main():
    with multiprocessing.get_context(sys.argv[1]).Pool(8) as pool:
        results = pool.map(work, range(TASKS), 1)
        pool.close()
        pool.join()
    assert len(set(results)) == TASKS


if __name__ == "__main__":
    main()
