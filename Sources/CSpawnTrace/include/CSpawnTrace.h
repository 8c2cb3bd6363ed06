/// What Swift can't call: variadic functions, macros, and what must happen between fork and exec.
#ifndef SPAWNTRACE_H
#define SPAWNTRACE_H

#include "borrowed.h"
#include "calls.h"
#include "closing.h"
#include "front.h"
#include "launch.h"
#include "memory.h"
#include "message.h"
#include "notification.h"
#include "ptrace.h"
#include "signals.h"

#endif
