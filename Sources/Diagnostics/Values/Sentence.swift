/// Text for people, in parts: a layout may shorten a path in the middle, an exporter may link it.
///
/// A sentence is written as a string with interpolations: `"imports \(path: script)"`. It has no
/// full stop, and nothing in it is cut.
package struct Sentence: Hashable, Sendable {
  package enum Part: Hashable, Sendable {
    /// Words of ours.
    case text(String)
    /// Python code or a command, shown between backticks.
    case code(String)
    /// A file, absolute.
    case path(String)
    case place(Place)
    /// A function, and a shorter name for it if it has one.
    case function(String, short: String?)
    case module(String)
    /// A name that the program gave to anything else, such as an exception.
    case name(String)
    /// What the program said, which may be long.
    case quoted(String)
  }

  package var parts: [Part]

  package init(_ parts: [Part]) {
    self.parts = parts
  }

  /// The whole sentence, with absolute paths.
  package var text: String {
    parts.map(\.text).joined()
  }

  package static func + (one: Sentence, other: Sentence) -> Sentence {
    Sentence(one.parts + other.parts)
  }
}

/// A line of a file, or the file if the line isn't known.
package struct Place: Hashable, Sendable {
  /// Absolute.
  package var path: String
  package var line: Int?

  package init(path: String, line: Int?) {
    self.path = path
    self.line = line
  }

  package var text: String {
    path + (line.map { ":\($0)" } ?? "")
  }
}

extension Sentence.Part {
  package var text: String {
    switch self {
    case .text(let text), .path(let text), .function(let text, _), .module(let text),
      .name(let text), .quoted(let text):
      text
    case .code(let code): "`\(code)`"
    case .place(let place): place.text
    }
  }
}

extension Sentence: ExpressibleByStringInterpolation {
  package init(stringLiteral value: String) {
    parts = [.text(value)]
  }

  package init(stringInterpolation: Interpolation) {
    parts = stringInterpolation.parts
  }

  package struct Interpolation: StringInterpolationProtocol {
    fileprivate var parts: [Part] = []

    package init(literalCapacity: Int, interpolationCount: Int) {}

    package mutating func appendLiteral(_ literal: String) {
      if !literal.isEmpty { parts.append(.text(literal)) }
    }

    package mutating func appendInterpolation(_ text: some StringProtocol) {
      appendLiteral(String(text))
    }

    package mutating func appendInterpolation(_ number: some BinaryInteger) {
      parts.append(.text(String(number)))
    }

    package mutating func appendInterpolation(_ sentence: Sentence) {
      parts += sentence.parts
    }

    package mutating func appendInterpolation(code: String) { parts.append(.code(code)) }
    package mutating func appendInterpolation(path: String) { parts.append(.path(path)) }
    package mutating func appendInterpolation(place: Place) { parts.append(.place(place)) }
    package mutating func appendInterpolation(module: String) { parts.append(.module(module)) }
    package mutating func appendInterpolation(name: String) { parts.append(.name(name)) }
    package mutating func appendInterpolation(quoted: String) { parts.append(.quoted(quoted)) }

    package mutating func appendInterpolation(function: String, short: String? = nil) {
      parts.append(.function(function, short: short))
    }
  }
}
