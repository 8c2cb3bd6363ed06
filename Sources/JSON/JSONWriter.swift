internal import Bytes

/// Writes one line of JSON into bytes, member by member.
///
/// Names are written as they are: they are our own, and need no escapes.
package struct LineWriter {
  package private(set) var bytes: [UInt8] = []
  /// Whether what comes next is the first of its container.
  private var isFirst = true

  package init() {
    bytes.reserveCapacity(512)
  }

  /// Forgets what was written, and keeps its memory.
  package mutating func clear() {
    bytes.removeAll(keepingCapacity: true)
    isFirst = true
  }

  // MARK: Containers

  package mutating func object(_ members: (inout LineWriter) -> Void) {
    container(UInt8(ascii: "{"), UInt8(ascii: "}"), members)
  }

  package mutating func array<Element>(
    _ elements: some Sequence<Element>, _ body: (inout LineWriter, Element) -> Void
  ) {
    container(UInt8(ascii: "["), UInt8(ascii: "]")) { writer in
      for element in elements { body(&writer, element) }
    }
  }

  /// Ends the line.
  package mutating func endLine() {
    bytes.append(UInt8(ascii: "\n"))
  }

  private mutating func container(
    _ opening: UInt8, _ closing: UInt8, _ content: (inout LineWriter) -> Void
  ) {
    separate()
    bytes.append(opening)
    isFirst = true
    content(&self)
    bytes.append(closing)
    isFirst = false
  }

  // MARK: Members

  /// Writes the name of what is written next.
  package mutating func name(_ name: StaticString) {
    separate()
    bytes.append(UInt8(ascii: "\""))
    name.withUTF8Buffer { bytes.append(contentsOf: $0) }
    bytes.append(UInt8(ascii: "\""))
    bytes.append(UInt8(ascii: ":"))
    isFirst = true
  }

  package mutating func member(_ name: StaticString, _ value: String?) {
    guard let value else { return }
    self.name(name)
    string(value)
  }

  /// A member whose name is not our own.
  package mutating func member(named name: String, _ value: String) {
    string(name.repaired)
    bytes.append(UInt8(ascii: ":"))
    isFirst = true
    string(value)
  }

  package mutating func member(_ name: StaticString, _ value: (some BinaryInteger)?) {
    guard let value else { return }
    self.name(name)
    integer(value)
  }

  /// Left out where it is false.
  package mutating func flag(_ name: StaticString, _ value: Bool) {
    guard value else { return }
    self.name(name)
    boolean(value)
  }

  package mutating func member(_ name: StaticString, _ values: [String]) {
    self.name(name)
    array(values) { $0.string($1) }
  }

  // MARK: Values

  package mutating func boolean(_ value: Bool) {
    separate()
    bytes.append(contentsOf: (value ? "true" : "false").utf8)
  }

  package mutating func integer(_ value: some BinaryInteger) {
    separate()
    var rest = UInt64(value.magnitude)
    if value < 0 { bytes.append(UInt8(ascii: "-")) }
    let start = bytes.count
    repeat {
      bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10))
      rest /= 10
    } while rest > 0
    bytes[start...].reverse()
  }

  /// A text; where it keeps bytes that are no UTF-8, an object with all its bytes: `{"b64":"..."}`.
  package mutating func string(_ value: String) {
    if value.keepsBytes {
      object { $0.member("b64", Base64.text(of: value.exactBytes)) }
      return
    }
    separate()
    bytes.append(UInt8(ascii: "\""))
    for byte in value.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"):
        bytes.append(UInt8(ascii: "\\"))
        bytes.append(byte)
      case UInt8(ascii: "\n"): bytes.append(contentsOf: #"\n"#.utf8)
      case UInt8(ascii: "\t"): bytes.append(contentsOf: #"\t"#.utf8)
      case UInt8(ascii: "\r"): bytes.append(contentsOf: #"\r"#.utf8)
      case 0..<0x20, 0x7f:
        bytes.append(contentsOf: #"\u00"#.utf8)
        bytes.append(Self.digits[Int(byte >> 4)])
        bytes.append(Self.digits[Int(byte & 15)])
      default: bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }

  private static let digits = Array("0123456789abcdef".utf8)

  private mutating func separate() {
    if !isFirst { bytes.append(UInt8(ascii: ",")) }
    isFirst = false
  }
}
