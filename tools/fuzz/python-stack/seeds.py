#!/usr/bin/env python3
"""Writes the first inputs of the fuzzer: seeds.py FOLDER.

Each seed is a sound process of one version, found in one way, with no damage, one kind of damage, or an
extreme number in one field. Some seeds are line tables. Scene.swift says what the bytes mean; a missing
byte counts as 0.
"""
import pathlib
import sys

BUILDS = 21  # the number of measured builds; larger numbers are reduced modulo it
FIELDS = 120  # at least as many as Scene.fields has
EDGES = (21, 23, 33, 34, 39)  # 65536, 1 << 20, the largest and the smallest Int64, the largest UInt64

folder = pathlib.Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)
# Globals, three code objects, three frames, a second thread.
sound = bytes([0, 1] + [2] + [0, 0, 40, 0, 0] + [0, 1, 40, 0, 0] + [3, 3, 40, 0, 0]
              + [2] + [0, 0, 4] + [1, 0, 12] + [2, 0, 12] + [1, 1, 0, 0])
for build in range(BUILDS):
    for way in (0, 2, 3, 4):
        (folder / ("sound-%d-%d" % (build, way))).write_bytes(bytes([0, build]) + sound + bytes([0, way]))
    for kind in range(10):
        for region in (0, 4, 9, 17, 25):
            harm = bytes([1, region, 16, 0, kind, 0, region + 3, 8, 1])
            (folder / ("harm-%d-%d-%d" % (build, kind, region))).write_bytes(
                bytes([0, build]) + sound + harm + bytes([0, 2]))
    for field in range(FIELDS):
        for edge in EDGES:
            (folder / ("edge-%d-%d-%d" % (build, field, edge))).write_bytes(
                bytes([0, build]) + sound + bytes([1, 0, 0, 0, 1, edge, field, 0, 2]))
for form in range(4):
    for table in (bytes(range(0, 256, 5)), bytes([0x84, 0, 0xdc, 0, 0, 0xf4, 3, 1, 1, 1, 0xec, 65, 1])):
        (folder / ("table-%d-%d" % (form, len(table)))).write_bytes(
            bytes([0xff, form] + [7] + [0] * 8 + [9]) + table)
