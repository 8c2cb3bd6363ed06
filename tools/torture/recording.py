#!/usr/bin/env python3
"""Breaks recordings at random moments, and replays what is left of them.

    tools/torture/recording.py [--rounds 20] [--seed N] [--python PATH] SPAWNTRACE

A recording is broken in three ways: spawntrace is killed with SIGKILL; its disk is full (a tmpfs of a random size,
which needs root); every process of the tree is killed. In each case every event with a whole line must be replayed,
and nothing may be called damaged. If the recording has its end, the report must be the live run's; otherwise it must
say that the recording is truncated. Prints the seed, a line for each way, and what failed. Exit status: 1 if
something failed.
"""
import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time

PROGRAM = """
import multiprocessing, subprocess, sys
def work(number):
    return subprocess.run(["true"]).returncode
if __name__ == "__main__":
    context = multiprocessing.get_context("spawn")
    for turn in range(3):
        with context.Pool(3) as pool:
            pool.map(work, range(20))
"""


def children(pid):
    try:
        with open("/proc/%d/task/%d/children" % (pid, pid)) as file:
            return [int(child) for child in file.read().split()]
    except OSError:
        return []


def descendants(pid):
    return [found for child in children(pid) for found in [child] + descendants(child)]


class Case:
    def __init__(self, given, folder):
        self.spawntrace, self.python, self.folder = os.path.abspath(given.spawntrace), given.python, folder
        with open(os.path.join(folder, "main.py"), "w") as file:
            file.write(PROGRAM)
        self.live = os.path.join(folder, "live.json")

    def start(self, recording):
        if os.path.exists(self.live):
            os.remove(self.live)
        return subprocess.Popen(
            [self.spawntrace, "run", "--record", recording, "--json", self.live, "--", self.python, "main.py"],
            cwd=self.folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)

    def duration(self):
        begun = time.monotonic()
        process = self.start(os.path.join(self.folder, "whole"))
        process.communicate()
        return time.monotonic() - begun

    def check(self, recording, must_end=None):
        """Returns what is wrong with the replay (None if nothing is), and the number of its events."""
        data = open(recording, "rb").read() if os.path.exists(recording) else b""
        whole = data[:data.rfind(b"\n") + 1].splitlines()
        events = sum(b'"seq":' in line for line in whole)
        has_end = any(line.startswith(b'{"k":"end"') for line in whole)
        report = os.path.join(self.folder, "replay.json")
        if os.path.exists(report):
            os.remove(report)
        result = subprocess.run([self.spawntrace, "replay", "--json", report, recording], cwd=self.folder,
                                stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, timeout=60)
        stderr = result.stderr.decode("utf-8", "replace")
        if not whole:
            return (None if result.returncode == 2 else "a recording without header is replayed"), 0
        if result.returncode != 0:
            return "replay ends with %d: %s" % (result.returncode, stderr[-300:]), events
        replayed = json.load(open(report, encoding="utf-8"))
        if replayed["trace"]["events"] != events:
            return "%d events of %d" % (replayed["trace"]["events"], events), events
        if replayed["trace"]["lost"] or "damaged" in stderr:
            return "damaged: " + stderr[-300:], events
        if replayed["trace"]["truncated"] == has_end or ("truncated" in stderr) == has_end:
            return "the recording has its end: %s; the report says otherwise" % has_end, events
        if must_end is not None and has_end != must_end:
            return "the recording has its end: %s" % has_end, events
        if has_end:
            live = json.load(open(self.live, encoding="utf-8"))
            replayed["source"] = live["source"]
            if replayed != live:
                return "the report isn't the live run's", events
        return None, events

    def kill_tracer(self, moment):
        recording = os.path.join(self.folder, "killed")
        process = self.start(recording)
        time.sleep(moment)
        process.kill()
        process.communicate()
        return self.check(recording)

    def may_mount(self):
        return subprocess.run(["unshare", "--mount", "mount", "-t", "tmpfs", "tmpfs", self.folder],
                              stderr=subprocess.DEVNULL).returncode == 0

    def fill_disk(self, size):
        mount = os.path.join(self.folder, "disk")
        os.makedirs(mount, exist_ok=True)
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=%d" % size, "tmpfs", mount], check=True)
        try:
            recording = os.path.join(mount, "run")
            process = self.start(recording)
            stderr = process.communicate()[1].decode("utf-8", "replace")
            # The program succeeded, but the recording that was asked for isn't complete.
            if process.returncode != 125:
                return "the status is %d: %s" % (process.returncode, stderr[-300:]), 0
            wrong, events = self.check(recording, must_end=False)
            return wrong or (None if "cannot record on" in stderr else "the full disk isn't mentioned"), events
        finally:
            subprocess.run(["umount", mount], check=True)

    def kill_tree(self, moment):
        recording = os.path.join(self.folder, "felled")
        process = self.start(recording)
        time.sleep(moment)
        # New processes may come while others are killed.
        for _ in range(100):
            # The child of the started process is the tracer.
            left = [pid for tracer in children(process.pid) for pid in descendants(tracer)]
            for pid in left:
                try:
                    os.kill(pid, signal.SIGKILL)
                except ProcessLookupError:
                    pass
            if not left:
                break
        process.communicate()
        return self.check(recording, must_end=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 32))
    parser.add_argument("--python", default=sys.executable)
    parser.add_argument("spawntrace")
    given = parser.parse_args()
    dice = random.Random(given.seed)
    print("seed %d" % given.seed, flush=True)
    failed = False
    with tempfile.TemporaryDirectory() as folder:
        case = Case(given, folder)
        lasts = case.duration()
        size = os.path.getsize(os.path.join(folder, "whole"))
        ways = [
            ("spawntrace killed", lambda: case.kill_tracer(dice.uniform(0, lasts))),
            # The size is a number of whole pages, fewer than the recording needs.
            ("disk full", lambda: case.fill_disk(4096 * dice.randrange(1, max(2, size // 4096)))),
            ("tree killed", lambda: case.kill_tree(dice.uniform(0.01, lasts))),
        ]
        if not case.may_mount():
            print("disk full          skipped: no permission to mount a tmpfs")
            ways = [way for way in ways if way[0] != "disk full"]
        for name, way in ways:
            results = [way() for _ in range(given.rounds)]
            wrong = [text for text, _ in results if text]
            counts = sorted(events for _, events in results)
            print("%-18s %d of %d right; events replayed: %d to %d, median %d" % (
                name, len(results) - len(wrong), len(results), counts[0], counts[-1], counts[len(counts) // 2]))
            for text in wrong:
                print("  " + text)
            failed = failed or bool(wrong)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
