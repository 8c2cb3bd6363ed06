#!/usr/bin/env python3
"""Measures how fast JSON parsers read the lines of a recording.

    tools/bench/parsers/run.py RECORDING

The parsers are simdjson (the one that spawntrace uses), json-c and jansson (from Debian: libjson-c-dev and
libjansson-dev), and FoundationEssentials. Prints the medians of three runs, in turns: seconds, lines and MB per
second, and the peak of resident memory.
"""
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))
import throughput


def main():
    recording = os.path.abspath(sys.argv[1])
    shim = os.path.join(HERE, "../../../Sources/CSimdJSON")
    with tempfile.TemporaryDirectory() as folder:
        commands = {}
        for name, library in (("simdjson", "simdjson"), ("json-c", "json-c"), ("jansson", "jansson")):
            binary = os.path.join(folder, name)
            own = [shim + "/parse.cpp"] if name == "simdjson" else []
            subprocess.run(
                ["clang++", "-O2", "-std=c++17", "-D" + name.upper().replace("-", "_"), "-I", shim + "/include",
                 HERE + "/parse.cpp", *own, "-o", binary, "-l" + library], check=True)
            commands[name] = [binary, recording]
        swift = os.path.join(folder, "swift")
        subprocess.run(["swiftc", "-O", "-swift-version", "5", HERE + "/parse.swift", "-o", swift], check=True)
        count = sum(1 for _ in open(recording, "rb"))
        commands["FoundationEssentials"] = ["sh", "-c", '"$0" < "$1"', swift, recording]
        throughput.compare(commands, 3, os.path.getsize(recording), count, "lines")


if __name__ == "__main__":
    main()
