#!/usr/bin/env python3
"""Writes the first inputs of the fuzzer: seeds.py FOLDER."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "shared"))
import seeds_of_traces

seeds_of_traces.write(pathlib.Path(sys.argv[1]), ".sptrace.jsonl", head=1)
