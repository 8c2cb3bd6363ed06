internal import Bytes

/// Writes JSON piece by piece: what is written first stands first, so the order of keys is the order
/// of the calls.
///
/// Objects and arrays are laid out over lines with two spaces for each level, or on one line where
/// the caller says so. What stands inside a container on one line is on that line too.
package struct JSONWriter {
  /// How a container is laid out.
  package enum Layout {
    case lines
    case oneLine
  }

  /// What has been written so far.
  package private(set) var text = ""
  private var depth = 0
  private var isOneLine = false
  /// Whether the next thing to be written is the first of its container.
  private var isFirst = true
  /// Whether a key has been written whose value is still missing.
  private var isAfterKey = false

  package init() {}

  // MARK: Containers

  package mutating func object(_ layout: Layout = .lines, _ members: (inout JSONWriter) -> Void) {
    container("{", "}", layout, members)
  }

  package mutating func array(_ layout: Layout = .lines, _ elements: (inout JSONWriter) -> Void) {
    container("[", "]", layout, elements)
  }

  /// Writes the key of the value that is written next.
  package mutating func key(_ name: String) {
    separate()
    text += Self.quoted(name) + ": "
    isAfterKey = true
  }

  // MARK: Values

  package mutating func string(_ value: String?) {
    raw(value.map(Self.quoted))
  }

  package mutating func integer(_ value: (some BinaryInteger)?) {
    raw(value.map { String($0) })
  }

  package mutating func boolean(_ value: Bool) {
    raw(value ? "true" : "false")
  }

  package mutating func null() {
    raw(nil)
  }

  /// Writes nanoseconds as seconds: rounded to six decimals, with one at least, and exact, since no
  /// floating-point number is involved.
  package mutating func seconds(nanoseconds: UInt64?) {
    raw(nanoseconds.map(Self.seconds))
  }

  package mutating func strings(_ values: [String]) {
    array(.oneLine) { writer in
      for value in values {
        writer.string(value)
      }
    }
  }

  // MARK: Members

  package mutating func member(_ name: String, _ value: String?) {
    key(name)
    string(value)
  }

  package mutating func member(_ name: String, _ value: (some BinaryInteger)?) {
    key(name)
    integer(value)
  }

  package mutating func member(_ name: String, _ value: Bool) {
    key(name)
    boolean(value)
  }

  // MARK: Text

  private mutating func container(
    _ opening: Character, _ closing: Character, _ layout: Layout,
    _ content: (inout JSONWriter) -> Void
  ) {
    separate()
    text.append(opening)
    let wasOneLine = isOneLine
    isOneLine = wasOneLine || layout == .oneLine
    depth += 1
    isFirst = true
    content(&self)
    depth -= 1
    if !isFirst && !isOneLine {
      breakLine()
    }
    text.append(closing)
    isOneLine = wasOneLine
    isFirst = false
  }

  private mutating func raw(_ value: String?) {
    separate()
    text += value ?? "null"
  }

  /// Writes what stands between the last thing and the next: nothing after a key, else a comma and a
  /// new line or a space.
  private mutating func separate() {
    if isAfterKey {
      isAfterKey = false
      return
    }
    if !isFirst {
      text += isOneLine ? ", " : ","
    }
    if !isOneLine && depth > 0 {
      breakLine()
    }
    isFirst = false
  }

  private mutating func breakLine() {
    text += "\n" + String(repeating: "  ", count: depth)
  }

  private static func seconds(_ nanoseconds: UInt64) -> String {
    let microseconds = nanoseconds / 1000 + (nanoseconds % 1000 >= 500 ? 1 : 0)
    let digits = String(microseconds % 1_000_000)
    var fraction = String(repeating: "0", count: 6 - digits.count) + digits
    while fraction.count > 1 && fraction.hasSuffix("0") {
      fraction.removeLast()
    }
    return "\(microseconds / 1_000_000).\(fraction)"
  }

  /// `value` as a JSON string (RFC 8259, section 7). The line separators of Unicode are escaped too:
  /// there are readers that take JSON for JavaScript. A byte that is no UTF-8 becomes U+FFFD.
  private static func quoted(_ value: String) -> String {
    var result = "\""
    for scalar in value.repaired.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\u{08}": result += "\\b"
      case "\u{0C}": result += "\\f"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case "\u{00}"..."\u{1F}", "\u{7F}", "\u{2028}", "\u{2029}":
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
