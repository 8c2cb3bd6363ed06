#!/usr/bin/env python3
"""Counts the instructions that a replay takes, and compares them with stored counts.

    instructions.py [--margin 0.1] [--store] SPAWNTRACE

valgrind (callgrind) counts the instructions of `spawntrace replay` with a recording from traces/: once as it is, and
once enlarged as by replay.py. The difference is the cost of further events, without the start-up. Unlike seconds,
instructions are the same on a busy machine (to 0.1 % here).

Prints both counts, the stored ones, and their ratios. The stored counts are in `instructions.json` beside this file;
--store writes them. Exit status: 1 if a count exceeds the stored one by more than the margin. A count that is lower
by more than the margin is pointed out, because it should be stored.
"""
import argparse
import json
import os
import re
import subprocess
import sys
import tempfile

import replay

HERE = os.path.dirname(os.path.abspath(__file__))
STORE = os.path.join(HERE, "instructions.json")
RECORDING = os.path.join(HERE, "../../traces/forkserver-pool-guarded/recorded/3.12.sptrace.jsonl")
BYTES = 4 << 20


def count(binary, recording):
    """The number of instructions of one replay."""
    command = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", binary, "replay", "--report", "none",
               "--json", "/dev/null", recording]
    # This makes the order of sets and dictionaries the same each time.
    result = subprocess.run(command, env=dict(os.environ, SWIFT_DETERMINISTIC_HASHING="1"), stdin=subprocess.DEVNULL,
                            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    found = re.search(r"Collected : (\d+)", result.stderr)
    if result.returncode not in (0, 112) or not found:
        sys.exit("valgrind: %s" % result.stderr[-1000:])
    return int(found[1])


def measure(spawntrace):
    with tempfile.TemporaryDirectory() as folder:
        # Valgrind can't read the debug information that Swift's compiler writes.
        binary = os.path.join(folder, "spawntrace")
        subprocess.run(["strip", "-o", binary, spawntrace], check=True)
        large = os.path.join(folder, "large.sptrace.jsonl")
        events = replay.grow(RECORDING, large, BYTES)
        with open(RECORDING, encoding="utf-8") as file:
            few = sum('"seq":' in line for line in file)
        small = count(binary, RECORDING)
        return {"small replay": small, "each event": round((count(binary, large) - small) / (events - few))}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--margin", type=float, default=0.1, help="how far a count may exceed the stored one (0.1)")
    parser.add_argument("--store", action="store_true")
    parser.add_argument("spawntrace")
    given = parser.parse_args()
    measured = measure(given.spawntrace)
    kept = {}
    if os.path.exists(STORE):
        with open(STORE, encoding="utf-8") as file:
            kept = json.load(file)
    failed = False
    for name, instructions in measured.items():
        if name not in kept:
            print("%-13s %12d instructions, none stored" % (name, instructions))
            failed = failed or not given.store
            continue
        ratio = instructions / kept[name]
        word = "" if abs(ratio - 1) <= given.margin else ": too many" if ratio > 1 else ": fewer; use --store"
        print("%-13s %12d instructions, stored %12d, x%.3f%s" % (name, instructions, kept[name], ratio, word))
        failed = failed or ratio > 1 + given.margin
    if given.store:
        with open(STORE, "w", encoding="utf-8") as file:
            file.write(json.dumps(measured, indent=2) + "\n")
        return 0
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
