"""Trace functions: they are called in the middle of a line."""
import sys
import threading

from truth import place


def watched(value):
    total = 0
    for number in range(2):
        total += number
    try:
        raise KeyError(
            value)
    except KeyError:
        total = [
            value
            for _ in (1,)
        ]
    return (total,
            value)


def generating():
    yield 1
    yield 2


def trace(frame, event, argument):
    place()
    return trace


def profile(frame, event, argument):
    if event in ("call", "return"):
        place()


def opcodes(frame, event, argument):
    frame.f_trace_opcodes = True
    if event == "opcode":
        place()
    return opcodes


def without_lines(frame, event, argument):
    place()


def traced(function):
    sys.settrace(function)
    try:
        watched(1)
        list(generating())
    finally:
        sys.settrace(None)


def run():
    traced(trace)
    traced(without_lines)
    if sys.version_info >= (3, 7):
        traced(opcodes)
    sys.setprofile(profile)
    watched(2)
    list(generating())
    sys.setprofile(None)
    threading.settrace(trace)
    thread = threading.Thread(target=watched, args=(3,))
    thread.start()
    thread.join()
    threading.settrace(None)
    # Only one frame has a trace function. Its line is then stored, not computed.
    sys.settrace(lambda *_: None)
    sys._getframe().f_trace = lambda *_: None
    place()
    place(
        place(1))
    sys.settrace(None)
    place()
    if hasattr(sys, "addaudithook"):
        isOn = [True]

        def hook(event, arguments):
            if isOn and event == "truth.place":
                place()
        sys.addaudithook(hook)
        sys.audit(
            "truth.place")
        isOn.pop()
    if hasattr(sys, "monitoring"):
        monitoring = sys.monitoring
        monitoring.use_tool_id(monitoring.PROFILER_ID, "truth")
        for event in (monitoring.events.LINE, monitoring.events.PY_START,
                      monitoring.events.PY_RETURN, monitoring.events.CALL):
            monitoring.register_callback(monitoring.PROFILER_ID, event, lambda *_: place())
            monitoring.set_local_events(monitoring.PROFILER_ID, watched.__code__, event)
            watched(4)
            monitoring.set_local_events(monitoring.PROFILER_ID, watched.__code__, 0)
            monitoring.register_callback(monitoring.PROFILER_ID, event, None)
        monitoring.free_tool_id(monitoring.PROFILER_ID)
