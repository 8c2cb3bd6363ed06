"""Writes down Python's own view of its stack, and stops on the same line for the tracer."""
import ctypes
import json
import os
import signal
import sys

HALT = signal.SIGUSR1
output = os.open(sys.argv[1], os.O_WRONLY | os.O_APPEND)
libc = ctypes.CDLL(None)
# One releases the interpreter's lock while it stops, the other keeps it.
halts = [getattr(libc, "raise"), getattr(ctypes.PyDLL(None), "raise")]
if hasattr(signal, "raise_signal"):
    halts.append(signal.raise_signal)
SYS_gettid = 186


def text(value):
    if isinstance(value, bytes):
        value = value.decode("utf-8")
    return value


def described(frame):
    code = frame.f_code
    qualified = getattr(code, "co_qualname", None)
    module = frame.f_globals.get("__name__") if code.co_name == "<module>" else None
    if not isinstance(module, str):
        module = None
    return {
        "path": text(code.co_filename),
        "line": frame.f_lineno,
        "function": text(code.co_name),
        "qualifiedName": None if qualified == code.co_name else qualified,
        "module": text(module),
    }


def note(frame):
    frames = []
    while frame is not None:
        frames.append(described(frame))
        frame = frame.f_back
    line = json.dumps({"thread": libc.syscall(SYS_gettid), "frames": frames})
    os.write(output, line.encode("ascii") + b"\n")
    # The other way each time.
    halts.append(halts.pop(0))
    return halts[0]


def place(*arguments):
    note(sys._getframe())(HALT)
    return arguments[0] if arguments else None
