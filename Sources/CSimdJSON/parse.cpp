#include "CSimdJSON.h"

#include <new>
#include <simdjson.h>

static_assert(csimdjson_padding >= simdjson::SIMDJSON_PADDING, "more padding is needed");

struct csimdjson_parser {
  simdjson::dom::parser parser;
};

extern "C" csimdjson_parser *csimdjson_create(void) {
  return new (std::nothrow) csimdjson_parser;
}

extern "C" void csimdjson_destroy(csimdjson_parser *parser) {
  delete parser;
}

extern "C" int csimdjson_parse(csimdjson_parser *parser, const uint8_t *text, size_t count,
                               csimdjson_tape *tape) {
  simdjson::dom::element element;
  auto error = parser->parser.parse(text, count, false).get(element);
  if (error) return error;
  const uint64_t *words = parser->parser.doc.tape.get();
  tape->words = words;
  // The root's word holds the index of the tape's end.
  tape->word_count = size_t(uint32_t(words[0]));
  tape->strings = parser->parser.doc.string_buf.get();
  return 0;
}
