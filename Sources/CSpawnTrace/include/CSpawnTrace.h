/// C code for calls that Swift can't make: variadic functions, macros, and the steps between fork
/// and exec.
#ifndef SPAWNTRACE_H
#define SPAWNTRACE_H

#include "borrowed.h"
#include "calls.h"
#include "front.h"
#include "late_close.h"
#include "launch.h"
#include "lookup.h"
#include "memory.h"
#include "message.h"
#include "mounts.h"
#include "notification.h"
#include "process.h"
#include "ptrace.h"
#include "signals.h"
#include "text_file.h"

#endif
