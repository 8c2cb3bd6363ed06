#!/usr/bin/env python3
"""Measures the offsets of CPython's fields, and writes them as the table that PythonStack uses.

    generate.py [--merge FILE] [--json FILE] [--swift FILE] [LABEL=INCLUDE_DIR[:CFLAG,...] ...]

INCLUDE_DIR is the folder with an installed interpreter's Python.h. For each, a small C program is
compiled and run, which prints offsetof() of each field. The table holds for the architecture of this
machine: run it on x86_64. LABEL is the version, with a letter if the build moves fields: 3.12, 3.7r
(Py_TRACE_REFS, as in debug builds up to 3.7), 3.14t (free-threaded). With flags, the headers of an
ordinary build describe another one:

    3.7r=INCLUDE_DIR:-DPy_DEBUG   3.12r=INCLUDE_DIR:-DPy_TRACE_REFS   3.14t=INCLUDE_DIR:-DPy_GIL_DISABLED

--merge adds the measurements of an earlier run, for versions without headers on this machine; new
measurements replace old ones. --json and --swift write the measurements and the table.
"""
import argparse
import json
import os
import re
import subprocess
import sys
import tempfile

PROGRAM = r'''
#define PY_SSIZE_T_CLEAN
#define _GNU_SOURCE
#include <stdio.h>
#include <string.h>
#include <stddef.h>
%(definitions)s
#include "Python.h"
#include "frameobject.h"
%(includes)s
#define V PY_VERSION_HEX
#define O(name, T, f) printf("\"%%s\": %%ld,\n", name, (long)offsetof(T, f))
#define N(name, v) printf("\"%%s\": %%ld,\n", name, (long)(v))
int main(void) {
  printf("{\n");
  N("version_hex", V);
#ifdef Py_GIL_DISABLED
  N("free_threaded", 1);
#endif
#ifdef Py_TRACE_REFS
  N("trace_refs", 1);
#endif
  O("var_size", PyVarObject, ob_size);
#if V < 0x03000000
  O("bytes_sval", PyStringObject, ob_sval);
  O("dict_mask", PyDictObject, ma_mask); O("dict_table", PyDictObject, ma_table);
#else
  O("bytes_sval", PyBytesObject, ob_sval);
  O("uni_length", PyASCIIObject, length); O("uni_state", PyASCIIObject, state);
  N("uni_ascii_size", sizeof(PyASCIIObject));
  N("uni_compact_size", sizeof(PyCompactUnicodeObject));
  {
    PyASCIIObject a;
#define BITS(f) do { unsigned m; memset(&a, 0, sizeof a); a.state.f = ~0; \
    memcpy(&m, &a.state, 4); N("uni_mask_" #f, m); } while (0)
    BITS(kind); BITS(compact); BITS(ascii);
  }
  O("dict_keys", PyDictObject, ma_keys); O("dict_values", PyDictObject, ma_values);
#endif
  O("ts_next", PyThreadState, next); O("ts_thread_id", PyThreadState, thread_id);
#if V >= 0x030B0000
  O("ts_native_thread_id", PyThreadState, native_thread_id);
#endif
#if V < 0x030B0000
  O("ts_frame", PyThreadState, frame);
#elif V < 0x030D0000
  O("ts_cframe", PyThreadState, cframe);
  O("cframe_current_frame", _PyCFrame, current_frame);
#else
  O("ts_frame", PyThreadState, current_frame);
#endif
#if V < 0x030B0000
  O("is_tstate_head", PyInterpreterState, tstate_head);
#else
  O("is_tstate_head", PyInterpreterState, threads.head);
#endif
  O("is_next", PyInterpreterState, next);
#if V >= 0x03070000
  O("rt_interp_head", _PyRuntimeState, interpreters.head);
  N("rt_size", sizeof(_PyRuntimeState));
#endif
#if V < 0x030B0000
  O("fr_back", PyFrameObject, f_back); O("fr_code", PyFrameObject, f_code);
  O("fr_globals", PyFrameObject, f_globals);
  O("fr_lasti", PyFrameObject, f_lasti);
#if V >= 0x03060000
  O("fr_locals", PyFrameObject, f_localsplus);
#endif
#if V < 0x030A0000
  O("fr_trace", PyFrameObject, f_trace); O("fr_lineno", PyFrameObject, f_lineno);
#endif
#else
  O("fr_back", _PyInterpreterFrame, previous); O("fr_globals", _PyInterpreterFrame, f_globals);
  O("fr_locals", _PyInterpreterFrame, localsplus);
#if V < 0x030D0000
  O("fr_code", _PyInterpreterFrame, f_code); O("fr_instr", _PyInterpreterFrame, prev_instr);
#else
  O("fr_code", _PyInterpreterFrame, f_executable); O("fr_instr", _PyInterpreterFrame, instr_ptr);
#endif
#if V >= 0x030E0000 && defined(Py_GIL_DISABLED)
  O("fr_tlbc_index", _PyInterpreterFrame, tlbc_index);
#endif
#if V >= 0x030C0000
  O("fr_owner", _PyInterpreterFrame, owner);
#if V >= 0x030E0000
  N("owner_shim", FRAME_OWNED_BY_INTERPRETER);
#else
  N("owner_shim", FRAME_OWNED_BY_CSTACK);
#endif
#endif
#endif
  O("co_filename", PyCodeObject, co_filename); O("co_name", PyCodeObject, co_name);
  O("co_firstlineno", PyCodeObject, co_firstlineno);
#if V >= 0x030B0000
  O("co_code_adaptive", PyCodeObject, co_code_adaptive);
  O("co_qualname", PyCodeObject, co_qualname);
#endif
#if V >= 0x030A0000
  O("co_linetable", PyCodeObject, co_linetable);
#else
  O("co_linetable", PyCodeObject, co_lnotab);
#endif
#if V >= 0x030E0000 && defined(Py_GIL_DISABLED)
  O("co_tlbc", PyCodeObject, co_tlbc);
#endif
#if V >= 0x030D0000
#define D(name, f) O(name, struct _Py_DebugOffsets, f)
  D("dbg_rt_size", runtime_state.size);
  D("dbg_is_size", interpreter_state.size);
  D("dbg_ts_size", thread_state.size);
  D("dbg_fr_size", interpreter_frame.size);
  D("dbg_co_size", code_object.size);
  D("dbg_dict_size", dict_object.size);
  D("dbg_bytes_size", bytes_object.size);
  D("dbg_uni_size", unicode_object.size);
  D("dbg_ts_interp", thread_state.interp);
  D("dbg_rt_interp_head", runtime_state.interpreters_head);
  D("dbg_is_next", interpreter_state.next);
  D("dbg_is_tstate_head", interpreter_state.threads_head);
  D("dbg_ts_next", thread_state.next);
  D("dbg_ts_frame", thread_state.current_frame);
  D("dbg_ts_thread_id", thread_state.thread_id);
  D("dbg_ts_native_thread_id", thread_state.native_thread_id);
  D("dbg_fr_back", interpreter_frame.previous);
  D("dbg_fr_code", interpreter_frame.executable);
  D("dbg_fr_instr", interpreter_frame.instr_ptr);
  D("dbg_fr_owner", interpreter_frame.owner);
  D("dbg_co_filename", code_object.filename);
  D("dbg_co_name", code_object.name);
  D("dbg_co_qualname", code_object.qualname);
  D("dbg_co_linetable", code_object.linetable);
  D("dbg_co_firstlineno", code_object.firstlineno);
  D("dbg_co_code_adaptive", code_object.co_code_adaptive);
  D("dbg_dict_keys", dict_object.ma_keys);
  D("dbg_dict_values", dict_object.ma_values);
  D("dbg_bytes_sval", bytes_object.ob_sval);
  D("dbg_var_size", bytes_object.ob_size);
  D("dbg_uni_state", unicode_object.state);
  D("dbg_uni_length", unicode_object.length);
  D("dbg_uni_ascii_size", unicode_object.asciiobject_size);
#if V >= 0x030E0000
  D("dbg_fr_tlbc_index", interpreter_frame.tlbc_index);
  D("dbg_co_tlbc", code_object.co_tlbc);
#endif
  N("dbg_size", sizeof(struct _Py_DebugOffsets));
#endif
  printf("\"end\": 0}\n");
  return 0;
}
'''

FIELDS = sorted(set(re.findall(r'[(]"([a-z_]+)"', PROGRAM)) - {"end"} | {
    "uni_mask_kind", "uni_mask_compact", "uni_mask_ascii"})


def measure(label, include, flags):
    """The offsets in the headers of a folder, by the name of the field."""
    with open(os.path.join(include, "patchlevel.h"), encoding="utf-8") as file:
        numbers = dict(re.findall(r"#define PY_(MAJOR|MINOR)_VERSION\s+(\d+)", file.read()))
    version = int(numbers["MAJOR"]), int(numbers["MINOR"])
    includes = []
    if version == (3, 7):
        includes = ["pystate.h"]
    elif version == (3, 8):
        includes = ["pycore_pystate.h"]
    elif version >= (3, 9):
        includes = ["pycore_interp.h", "pycore_runtime.h", "pycore_pystate.h"]
        if version >= (3, 11):
            includes.append("pycore_frame.h")
        if version >= (3, 14):
            includes += ["pycore_debug_offsets.h", "pycore_interpframe.h"]
    source = PROGRAM % {
        "definitions": "#define Py_BUILD_CORE 1" if version >= (3, 7) else "",
        "includes": "\n".join('#include "internal/%s"' % name for name in includes),
    }
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "offsets.c")
        with open(path, "w", encoding="utf-8") as file:
            file.write(source)
        subprocess.run(
            ["cc", "-std=gnu11", "-w", "-I", include, "-I", include + "/internal", *flags, path,
             "-o", folder + "/offsets"], check=True)
        result = json.loads(subprocess.check_output([folder + "/offsets"]))
    del result["end"]
    result["version"] = "%d.%d" % version
    return result


def split(label):
    """The parts of a label, which are also a key for sorting: major, minor, letter."""
    match = re.fullmatch(r"(\d+)\.(\d+)([rt]?)", label)
    if not match:
        raise SystemExit("not a version with or without r or t: " + label)
    return int(match[1]), int(match[2]), match[3]


def offsets_of(fields):
    """The Swift value for one version and variant."""
    get = fields.get

    def arguments(*pairs):
        return ", ".join("%s: %s" % pair for pair in pairs if pair[1] is not None)

    if get("owner_shim", 3) != 3:
        raise SystemExit("the interpreter's own frames aren't marked by an owner of 3 and more")
    top = (".direct(%d)" % fields["ts_frame"] if "ts_frame" in fields else
           ".throughCFrame(pointer: %(ts_cframe)d, frame: %(cframe_current_frame)d)" % fields)
    unit = 2 if fields["version"] == "3.10" else 1
    position = (".pointer(%d)" % fields["fr_instr"] if "fr_instr" in fields else
                ".index(%d, unit: %d)" % (fields["fr_lasti"], unit))
    arguments_in_order = [
        "runtimeInterpreters: %s" % fields["rt_interp_head"] if "rt_interp_head" in fields else None,
        "interpreter: .init(%s)" % arguments(
            ("next", get("is_next")), ("threads", get("is_tstate_head"))),
        "thread: .init(\n  %s,\n  topFrame: %s)" % (arguments(
            ("next", get("ts_next")), ("identifier", get("ts_thread_id")),
            ("nativeIdentifier", get("ts_native_thread_id"))), top),
        "frame: .init(\n  %s)" % ",\n  ".join(filter(None, (arguments(
            ("previous", get("fr_back")), ("code", get("fr_code")), ("globals", get("fr_globals")),
            ("position", position), ("owner", get("fr_owner") if "owner_shim" in fields else None),
            ("bytecodeIndex", get("fr_tlbc_index")), ("locals", get("fr_locals"))), arguments(
            ("trace", get("fr_trace")), ("tracedLine", get("fr_lineno")))))),
        "code: .init(\n  %s,\n  %s)" % (arguments(
            ("filename", get("co_filename")), ("name", get("co_name")),
            ("qualifiedName", get("co_qualname"))), arguments(
            ("firstLine", get("co_firstlineno")), ("lineTable", get("co_linetable")),
            ("bytecode", get("co_code_adaptive")), ("threadBytecodes", get("co_tlbc")))),
        "bytes: .init(%s)" % arguments(("size", get("var_size")), ("data", get("bytes_sval"))),
        "text: .init(\n  %s,\n  %s)" % (arguments(
            ("length", get("uni_length")), ("state", get("uni_state")),
            ("kindMask", hexadecimal(get("uni_mask_kind"))),
            ("compactMask", hexadecimal(get("uni_mask_compact"))),
            ("asciiMask", hexadecimal(get("uni_mask_ascii")))), arguments(
            ("asciiSize", get("uni_ascii_size")), ("compactSize", get("uni_compact_size"))))
        if "uni_state" in fields else None,
        "dictionary: .keys(%(dict_keys)d, values: %(dict_values)d)" % fields
        if "dict_keys" in fields else
        "dictionary: .slots(mask: %(dict_mask)d, table: %(dict_table)d)" % fields,
    ]
    return ",\n".join(argument for argument in arguments_in_order if argument)


def hexadecimal(number):
    return None if number is None else "0x%x" % number


LAYOUT = [
    ("size", "dbg_size"), ("runtimeSize", "dbg_rt_size"), ("interpreterSize", "dbg_is_size"),
    ("threadSize", "dbg_ts_size"), ("frameSize", "dbg_fr_size"), ("codeSize", "dbg_co_size"),
    ("dictionarySize", "dbg_dict_size"), ("bytesObjectSize", "dbg_bytes_size"),
    ("textSize", "dbg_uni_size"), ("threadInterpreter", "dbg_ts_interp"),
    ("runtimeInterpreters", "dbg_rt_interp_head"),
    ("interpreterNext", "dbg_is_next"), ("interpreterThreads", "dbg_is_tstate_head"),
    ("threadNext", "dbg_ts_next"), ("threadIdentifier", "dbg_ts_thread_id"),
    ("threadNativeIdentifier", "dbg_ts_native_thread_id"), ("threadTopFrame", "dbg_ts_frame"),
    ("framePrevious", "dbg_fr_back"), ("frameCode", "dbg_fr_code"),
    ("framePosition", "dbg_fr_instr"), ("frameOwner", "dbg_fr_owner"),
    ("frameBytecodeIndex", "dbg_fr_tlbc_index"), ("codeFilename", "dbg_co_filename"),
    ("codeName", "dbg_co_name"), ("codeQualifiedName", "dbg_co_qualname"),
    ("codeFirstLine", "dbg_co_firstlineno"), ("codeLineTable", "dbg_co_linetable"), ("codeBytecode", "dbg_co_code_adaptive"),
    ("codeThreadBytecodes", "dbg_co_tlbc"), ("bytesSize", "dbg_var_size"),
    ("bytesData", "dbg_bytes_sval"), ("textLength", "dbg_uni_length"),
    ("textState", "dbg_uni_state"), ("textASCIISize", "dbg_uni_ascii_size"),
    ("dictionaryKeys", "dbg_dict_keys"), ("dictionaryValues", "dbg_dict_values"),
]


def layout(fields):
    """The Swift value for one minor version's _Py_DebugOffsets."""
    pairs = ["%s: %d" % (name, fields[field]) for name, field in LAYOUT if field in fields]
    lines, line = [], ""
    for pair in pairs:
        if len(line) + len(pair) > 80:
            lines.append(line.rstrip())
            line = ""
        line += pair + ", "
    lines.append(line.rstrip(", "))
    return "\n".join(lines)


HEAD = """\
// The offsets of CPython on x86_64. Another architecture needs a table of its own.
//
// Generated by a command of this form, with the interpreters' headers installed:
//
//   tools/offsets/generate.py --merge tools/offsets/offsets.json \\
//     --json tools/offsets/offsets.json \\
//     --swift Sources/PythonStack/Layouts/Offsets+Generated.swift \\
//     3.12=INCLUDE_DIR 3.12r=INCLUDE_DIR:-DPy_TRACE_REFS 3.13t=INCLUDE_DIR:-DPy_GIL_DISABLED ...
//
// The offsets are those of the patch version named; they hold for a whole minor version.
"""

VARIANTS = {"": "ordinary", "r": "tracedReferences", "t": "freeThreaded"}


def constant(label):
    major, minor, letter = split(label)
    return "python%d%d%s" % (major, minor, {"": "", "r": "TracedReferences", "t": "FreeThreaded"}[
        letter])


def swift(measured):
    """The Swift file with everything measured."""
    labels = sorted(measured, key=split)
    out = [HEAD, "extension StructureOffsets {"]
    out.append("  /// The offsets for a version; nil if they weren't measured.")
    out.append("  static func measured(major: Int, minor: Int, variant: Variant) -> StructureOffsets? {")
    out.append("    switch (major, minor, variant) {")
    for label in labels:
        major, minor, letter = split(label)
        out.append("    case (%d, %d, .%s): %s" % (
            major, minor, VARIANTS[letter], constant(label)))
    out += ["    default: nil", "    }", "  }"]
    for label in labels:
        number = measured[label]["version_hex"]
        out.append("")
        out.append("  /// %d.%d.%d" % (number >> 24, number >> 16 & 255, number >> 8 & 255))
        out.append("  private static let %s = StructureOffsets(" % constant(label))
        out.append("    " + offsets_of(measured[label]).replace("\n", "\n    ") + ")")
    out += ["}", "", "extension DebugOffsetsLayout {"]
    out.append("  /// The layout in a version; nil if there is none or it wasn't measured.")
    out.append("  static func measured(major: Int, minor: Int) -> DebugOffsetsLayout? {")
    out.append("    switch (major, minor) {")
    with_layout = [label for label in labels if "dbg_size" in measured[label]
                   and split(label)[2] == ""]
    for label in with_layout:
        major, minor, _ = split(label)
        out.append("    case (%d, %d): %s" % (major, minor, constant(label)))
    out += ["    default: nil", "    }", "  }"]
    for label in with_layout:
        out.append("")
        out.append("  private static let %s = DebugOffsetsLayout(" % constant(label))
        out.append("    " + layout(measured[label]).replace("\n", "\n    ") + ")")
    out += ["}", ""]
    return "\n".join(out)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--merge", metavar="FILE")
    parser.add_argument("--json", metavar="FILE")
    parser.add_argument("--swift", metavar="FILE")
    parser.add_argument("headers", nargs="*", metavar="LABEL=INCLUDE_DIR[:CFLAG,...]")
    options = parser.parse_args()
    measured = {}
    if options.merge:
        with open(options.merge, encoding="utf-8") as file:
            measured = json.load(file)
    for argument in options.headers:
        label, _, rest = argument.partition("=")
        include, _, flags = rest.partition(":")
        split(label)
        measured[label] = measure(label, include, [flag for flag in flags.split(",") if flag])
    for label, fields in measured.items():
        measured[label] = {
            name: value for name, value in fields.items() if name in FIELDS or name == "version"}
    if options.json:
        with open(options.json, "w", encoding="utf-8") as file:
            json.dump(measured, file, indent=1, sort_keys=True)
            file.write("\n")
    text = swift(measured)
    if options.swift:
        with open(options.swift, "w", encoding="utf-8") as file:
            file.write(text)
    else:
        sys.stdout.write(text)


main()
