#!/usr/bin/env python3
"""Writes the first inputs of the fuzzer: seeds.py FOLDER. Reports of traces/, with less in their lists."""
import json
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[3] / "traces"
folder = pathlib.Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)
for number, path in enumerate(sorted(ROOT.glob("*/recorded/*.report.json"))):
    report = json.loads(path.read_text())
    report["processes"] = report["processes"][:2]
    for finding in report["findings"]:
        finding["stack"] = finding["stack"][:3]
        finding["identity"] = {"places": [finding["culprit"]] if finding["culprit"] else [], "circumstance": None}
    report["t0"] = "2026-11-23T01:40:28Z"
    text = json.dumps(report)
    if len(text) < 8000:
        (folder / str(number)).write_text(text)
