#!/usr/bin/env python3
"""Runs a command for which the kernel refuses to answer a notification with a descriptor, as before Linux 5.9.

    tools/fix/refuse_descriptors.py COMMAND...

A filter (seccomp(2)) lets ioctl(2) with SECCOMP_IOCTL_NOTIF_ADDFD fail with EINVAL.
"""
import ctypes
import os
import struct
import sys

PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 38, 22, 2
LOAD, JUMP_EQUAL, RETURN = 0x20, 0x15, 0x06
IOCTL = {"x86_64": 16, "aarch64": 29}[os.uname().machine]
ADD_DESCRIPTOR = 0x40182103
EINVAL, ALLOW = 0x00050000 | 22, 0x7FFF0000

PROGRAM = b"".join(struct.pack("HBBI", *line) for line in [
    (LOAD, 0, 0, 0),  # the call's number
    (JUMP_EQUAL, 0, 3, IOCTL),
    (LOAD, 0, 0, 24),  # the lower half of its second argument
    (JUMP_EQUAL, 0, 1, ADD_DESCRIPTOR),
    (RETURN, 0, 0, EINVAL),
    (RETURN, 0, 0, ALLOW),
])


class Filter(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("program", ctypes.c_char_p)]


libc = ctypes.CDLL(None, use_errno=True)
given = Filter(len(PROGRAM) // 8, PROGRAM)
if libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) or libc.prctl(
        PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(given), 0, 0):
    sys.exit("prctl: " + os.strerror(ctypes.get_errno()))
os.execvp(sys.argv[1], sys.argv[1:])
