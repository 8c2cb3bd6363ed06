"""Runs code that makes Python stacks hard to read, and writes down each stack: see truth.py."""
import sys

import calls
import control
import callbacks
import operators
import compiled
import imports
import threads
import tracing
import children

calls.run()
control.run()
callbacks.run()
operators.run()
compiled.run()
imports.run()
threads.run()
tracing.run()
children.run()
if sys.version_info >= (3, 6):
    import coroutines
    import python36

    python36.run()
    coroutines.run()
if sys.version_info >= (3, 8):
    import python38

    python38.run()
if sys.version_info >= (3, 10):
    import python310

    python310.run()
if sys.version_info >= (3, 11):
    import python311

    python311.run()
if sys.version_info >= (3, 12):
    import python312

    python312.run()
if sys.version_info >= (3, 13):
    import interpreters

    interpreters.run()
if sys.version_info >= (3, 14):
    import python314

    python314.run()
