// Parses each line of a file and reads one member. It is built with -DSIMDJSON, -DJSON_C or -DJANSSON: some names of
// json-c and jansson are the same.
#include <fstream>
#include <iostream>
#include <string>

#if defined(SIMDJSON)
#include "CSimdJSON.h"
static csimdjson_parser *parser = csimdjson_create();
static bool parse(std::string &line) {
  size_t length = line.size();
  line.reserve(length + csimdjson_padding);
  csimdjson_tape tape;
  return csimdjson_parse(parser, (const uint8_t *)line.data(), length, &tape) == 0;
}
#elif defined(JSON_C)
#include <json-c/json.h>
static json_tokener *tokener = json_tokener_new();
static bool parse(std::string &line) {
  json_tokener_reset(tokener);
  json_object *object = json_tokener_parse_ex(tokener, line.data(), (int)line.size()), *kind;
  bool good = object && json_object_object_get_ex(object, "k", &kind);
  json_object_put(object);
  return good;
}
#else
#include <jansson.h>
static bool parse(std::string &line) {
  json_t *object = json_loadb(line.data(), line.size(), 0, nullptr);
  bool good = object && json_object_get(object, "k");
  json_decref(object);
  return good;
}
#endif

int main(int, char **argv) {
  std::string line;
  std::ifstream file(argv[1]);
  size_t good = 0;
  while (std::getline(file, line)) good += parse(line);
  std::cout << good << "\n";
}
