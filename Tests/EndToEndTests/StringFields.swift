import Foundation

/// The string fields of JSON values, whatever they are called: a new one takes part by itself.
enum StringFields {
  /// Where a string is: the keys that lead to it, and `[]` for the elements of an array.
  typealias Path = [String]

  /// The values of a text of JSON: those of its lines, or the one that all of it is.
  static func values(of text: String) throws -> [Any] {
    if let whole = try? JSONSerialization.jsonObject(with: Data(text.utf8)) { return [whole] }
    return try text.split(separator: "\n").map {
      try JSONSerialization.jsonObject(with: Data($0.utf8))
    }
  }

  static func paths(in values: [Any]) -> [Path] {
    var found: Set<Path> = []
    func visit(_ value: Any, _ path: Path) {
      switch value {
      case is String: found.insert(path)
      case let array as [Any]: for element in array { visit(element, path + ["[]"]) }
      case let object as [String: Any]:
        for (key, member) in object { visit(member, path + [key]) }
      default: break
      }
    }
    for value in values { visit(value, []) }
    return found.sorted { $0.lexicographicallyPrecedes($1) }
  }

  /// The text of the values, a line for each, in which the strings at a path are others.
  static func text(
    of values: [Any], changing path: Path, by change: (String) -> String
  ) throws -> String {
    func changed(_ value: Any, _ rest: ArraySlice<String>) -> Any {
      switch value {
      case let text as String: return rest.isEmpty ? change(text) : text
      case let array as [Any] where rest.first == "[]":
        return array.map { changed($0, rest.dropFirst()) }
      case var object as [String: Any]:
        guard let key = rest.first, let member = object[key] else { return object }
        object[key] = changed(member, rest.dropFirst())
        return object
      default: return value
      }
    }
    return try values.map { try line(changed($0, path[...])) + "\n" }.joined()
  }

  /// A value on one line. Files are recognised by their first members.
  private static func line(_ value: Any) throws -> String {
    guard var object = value as? [String: Any] else { return try json(value) }
    let first = try ["k", "fmt", "schema"].compactMap { key in
      try object.removeValue(forKey: key).map { "\"\(key)\":" + (try json($0)) }
    }
    let rest = try json(object).dropFirst().dropLast()
    return "{" + (first + (rest.isEmpty ? [] : [String(rest)])).joined(separator: ",") + "}"
  }

  private static func json(_ value: Any) throws -> String {
    let options: JSONSerialization.WritingOptions = [.fragmentsAllowed, .withoutEscapingSlashes]
    let data = try JSONSerialization.data(withJSONObject: value, options: options)
    return String(decoding: data, as: UTF8.self)
  }
}
