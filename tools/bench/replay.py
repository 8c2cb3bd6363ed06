#!/usr/bin/env python3
"""Measures the speed and the memory of a replay.

    replay.py [--bytes 2147483648] [--duckdb PYTHON] SPAWNTRACE RECORDING

Makes a large recording from a small one, as if the run had gone on: the events of the root's children are repeated
with other pids, later times and consecutive numbers. Then `spawntrace replay`, `grep -c` and, if PYTHON has duckdb
(PyPI), DuckDB's JSON reader read it in turns, three times each.

Prints the medians of the seconds, the events and MB per second, and the peak of resident memory.
"""
import argparse
import json
import os
import tempfile

import throughput


def grow(source, target, size):
    lines = [json.loads(line) for line in open(source, encoding="utf-8")]
    events = [line for line in lines if "seq" in line]
    root = events[0]["pid"]
    body = [event for event in events if event["pid"] != root]
    pids = sorted({event["pid"] for event in body})
    duration = events[-1]["t"]
    written = count = 0
    with open(target, "w", encoding="utf-8") as file:
        def write(line):
            nonlocal written
            written += file.write(json.dumps(line, separators=(",", ":"), ensure_ascii=False) + "\n")

        def number(event, shift):
            nonlocal count
            count += 1
            # Like the kernel's, the numbers begin anew at the end of their range.
            moved = {pid: 1000 + (index + shift * len(pids)) % 4_000_000 for index, pid in enumerate(pids)}
            changed = dict(event, seq=count, t=event["t"] + shift * duration)
            for key in ("pid", "tid", "parent", "from"):
                if changed.get(key) in moved:
                    changed[key] = moved[changed[key]]
            write(changed)

        for line in lines:
            if line["k"] in ("hdr", "stack", "native"):
                write(line)
        ends = [event for event in events if event["pid"] == root and event["k"] == "exit"]
        for event in events:
            if event["pid"] == root and event not in ends:
                number(event, 0)
        shift = 0
        while written < size:
            shift += 1
            for event in body:
                number(event, shift)
        for event in ends:
            number(event, shift + 1)
        for line in lines:
            if line["k"] in ("stop", "end"):
                write(dict(line, events=count) if line["k"] == "end" else line)
    return count


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bytes", type=int, default=2 << 30)
    parser.add_argument("--duckdb", help="a Python with duckdb")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("spawntrace")
    parser.add_argument("recording")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        large = os.path.join(folder, "large.jsonl")
        events = grow(given.recording, large, given.bytes)
        size = os.path.getsize(large)
        commands = {
            "spawntrace replay": [given.spawntrace, "replay", "--report", "none", large],
            "spawntrace replay --json": [
                given.spawntrace, "replay", "--report", "none", "--json", os.path.join(folder, "j"), large],
            "grep -c": ["grep", "-c", '"k":"exec"', large],
        }
        if given.duckdb:
            query = "select k, count(*) from read_json('%s', format = 'newline_delimited', " \
                "columns = {k: 'VARCHAR'}) group by k" % large
            commands["duckdb"] = [
                given.duckdb, "-c",
                "import duckdb; duckdb.execute('set threads = 1'); duckdb.sql(\"%s\").fetchall()" % query]
        throughput.compare(commands, given.rounds, size, events, "events")


if __name__ == "__main__":
    main()
