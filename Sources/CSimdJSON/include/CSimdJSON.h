#ifndef CSIMDJSON_H
#define CSIMDJSON_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// simdjson's DOM parser (libsimdjson) as C. A text becomes a "tape" of 64-bit words and a buffer of
// its strings, both described in simdjson's doc/tape.md.

typedef struct csimdjson_parser csimdjson_parser;

typedef struct {
  const uint64_t *_Nullable words;
  size_t word_count;
  // Each string: 4 bytes of length, the characters unescaped, a NUL.
  const uint8_t *_Nullable strings;
} csimdjson_tape;

// The number of bytes after a text that must be readable. Their values don't matter.
enum { csimdjson_padding = 64 };

// Makes a parser; NULL if there is no memory.
csimdjson_parser *_Nullable csimdjson_create(void);

void csimdjson_destroy(csimdjson_parser *_Nonnull parser);

// Parses a text with simdjson::dom::parser::parse. Returns 0 or simdjson's error code. The tape is
// valid until the next call.
int csimdjson_parse(csimdjson_parser *_Nonnull parser, const uint8_t *_Nonnull text, size_t count,
                    csimdjson_tape *_Nonnull tape);

#ifdef __cplusplus
}
#endif

#endif
