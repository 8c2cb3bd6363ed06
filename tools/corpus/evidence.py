#!/usr/bin/env python3
"""Runs the corpus cases that are a re-execution cycle, or healthy, by one of the two ways to the proof alone.

    tools/corpus/evidence.py stacks|calls CORPUS --spawntrace PATH [options of check.py] [CASE]...

By stacks alone all that check.py compares must be right. By system calls alone the verdict, the statuses and the
culprit's file must be, because system calls often don't show a line. Left out there are cases that system calls can't
decide: a swallowed error under forkserver, and workers that a library starts by a program of its own.
"""
import argparse
import os
import sys

import cases
import check

UNDECIDABLE = {"caught-forkserver-silent", "library-imports-main-itself", "library-worker-by-a-thread",
               "library-worker-by-text", "library-worker-starts-a-process"}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("way", choices=("stacks", "calls"))
    parser.add_argument("corpus")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--no-replay", action="store_true")
    cases.add_options(parser)
    options = parser.parse_intermixed_args()
    os.environ["SPAWNTRACE_OPTIONS"] = "--evidence=" + options.way
    jobs, skipped = cases.selected(os.path.abspath(options.corpus), options)
    jobs = [
        job for job in jobs
        if job[0].verdicts() <= {"reexec-cycle", "healthy"}
        and not (options.way == "calls" and job[0].name in UNDECIDABLE)]
    return check.check_all(os.path.abspath(options.spawntrace), jobs, skipped, options.jobs,
                           replay=not options.no_replay, lines=options.way == "stacks")


if __name__ == "__main__":
    sys.exit(main())
