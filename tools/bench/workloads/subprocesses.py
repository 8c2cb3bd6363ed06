"""Runs a short command again and again: subprocesses.py COUNT COMMAND..., for overhead.py."""
import subprocess
import sys

for _ in range(int(sys.argv[1])):
    subprocess.run(sys.argv[2:], check=True)
