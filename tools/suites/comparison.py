"""Runs a test suite untraced and traced, and compares the result of each test."""
import json
import os
import signal
import subprocess
import time
import xml.etree.ElementTree as ElementTree


def results(path):
    """The result of each test by its name, from a JUnit file."""
    outcome = {}
    try:
        root = ElementTree.parse(path).getroot()
    except (OSError, ElementTree.ParseError):
        return outcome
    for case in root.iter("testcase"):
        kinds = sorted(child.tag for child in case if child.tag in ("failure", "error", "skipped"))
        name = "::".join(filter(None, (case.get("classname"), case.get("name"))))
        outcome[name] = kinds[0] if kinds else case.get("result", "passed")
    return outcome


def run(command, output, cwd, env, timeout):
    begun = time.monotonic()
    with open(output, "wb") as file:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=file, stderr=subprocess.STDOUT, cwd=cwd,
                                   env=env, start_new_session=True)
        try:
            status = process.wait(timeout)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            status = "timeout"
    return status, time.monotonic() - begun


def compare(spawntrace, name, command, folder, cwd, env=None, timeout=1800):
    """Prints what differs; returns whether nothing does. `command` makes the command for a JUnit file's path."""
    seen, took, status = {}, {}, {}
    report = os.path.join(folder, name + ".json")
    for way in ("bare", "traced"):
        xml = os.path.join(folder, "%s.%s.xml" % (name, way))
        for path in (xml, report):
            if os.path.exists(path):
                os.remove(path)
        words = command(xml)
        if way == "traced":
            words = [spawntrace, "run", "--on-cycle=report", "--report=short", "--json", report, "--"] + words
        status[way], took[way] = run(words, os.path.join(folder, "%s.%s.txt" % (name, way)), cwd, env, timeout)
        seen[way] = results(xml)
    changed = [test for test in sorted(set(seen["bare"]) | set(seen["traced"]))
               if seen["bare"].get(test) != seen["traced"].get(test)]
    # A run that was killed has no report, or an empty one.
    has_report = os.path.exists(report) and os.path.getsize(report) > 0
    findings = json.load(open(report, encoding="utf-8"))["findings"] if has_report else None
    errors = sum(finding["severity"] == "error" for finding in findings or [])
    print("%-36s %d tests, %d differ; status %s and %s; %.0f s and %.0f s; %s" % (
        name, len(seen["bare"]), len(changed), status["bare"], status["traced"], took["bare"], took["traced"],
        "no report" if findings is None else "%d errors, %d notes" % (errors, len(findings) - errors)), flush=True)
    for test in changed:
        print("    %s: %s, traced %s" % (test, seen["bare"].get(test), seen["traced"].get(test)))
    for finding in findings or []:
        culprit = finding["culprit"] or {}
        print("    %s %s:%s %s (%s, %d)" % (finding["rule"], culprit.get("path"), culprit.get("line"), finding["title"],
                                            finding["certainty"], finding["occurrences"]), flush=True)
    return bool(seen["bare"]) and not changed and findings is not None
