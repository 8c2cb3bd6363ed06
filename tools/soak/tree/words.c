// Random choices, and the lines of the transcript.
#include "tree.h"

char path[240];
unsigned line, births;
bool quiet;
uint64_t dice;

uint64_t roll(void) {
  uint64_t z = (dice += 0x9e3779b97f4a7c15);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

unsigned pick(unsigned count) { return (unsigned)(roll() % count); }

void say(const char *format, ...) {
  unsigned number = ++line;
  if (quiet) return;
  char text[2000];
  int count = snprintf(text, sizeof text, "%s %03u ", path, number);
  va_list arguments;
  va_start(arguments, format);
  count += vsnprintf(text + count, sizeof text - (size_t)count - 1, format, arguments);
  va_end(arguments);
  if (count > (int)sizeof text - 2) count = sizeof text - 2;
  text[count++] = '\n';
  if (write(LOG, text, (size_t)count) != count) _exit(98);
}

const char *why(int error) { return error ? strerrorname_np(error) : "ok"; }

const char *sig(int number) {
  static char text[4][20];
  static int next;
  char *result = text[next++ & 3];
  if (number >= SIGRTMIN) snprintf(result, 20, "RT%d", number - SIGRTMIN);
  else snprintf(result, 20, "%s", number && sigabbrev_np(number) ? sigabbrev_np(number) : "none");
  return result;
}
