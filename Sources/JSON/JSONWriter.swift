internal import Bytes

/// Writes JSON into bytes, piece by piece, in the order of the calls.
///
/// There are two styles: one compact line for programs, as recordings have it, and a report that people
/// can read, too. Both say the same of a value; what differs is said at `Style`.
package struct JSONWriter {
  package enum Style {
    /// No white space. Text that isn't UTF-8 becomes an object with all its bytes: `{"b64":"..."}`.
    case line
    /// Containers are laid out as `Layout` says. Bytes that aren't UTF-8 become U+FFFD.
    case report
  }

  /// How a report lays a container out.
  package enum Layout {
    /// A line for each element, with two spaces for each level.
    case lines
    /// Everything on one line, the containers inside, too.
    case oneLine
  }

  /// What has been written so far.
  package private(set) var bytes: [UInt8] = []
  private let style: Style
  private var depth = 0
  private var isOneLine = false
  /// Whether the next element is the first of its container.
  private var isFirst = true
  /// Whether a key has been written and its value has not.
  private var isAfterKey = false

  package init(_ style: Style) {
    self.style = style
    bytes.reserveCapacity(512)
  }

  package var text: String { String(decoding: bytes, as: UTF8.self) }

  /// Forgets what was written, and keeps its memory.
  package mutating func clear() {
    bytes.removeAll(keepingCapacity: true)
    depth = 0
    isOneLine = false
    isFirst = true
    isAfterKey = false
  }

  /// Ends the line.
  package mutating func endLine() {
    bytes.append(UInt8(ascii: "\n"))
  }

  // MARK: Containers

  @inlinable
  package mutating func object(_ layout: Layout = .lines, _ members: (inout JSONWriter) -> Void) {
    let outer = open(UInt8(ascii: "{"), layout)
    members(&self)
    close(UInt8(ascii: "}"), outer)
  }

  @inlinable
  package mutating func array(_ layout: Layout = .lines, _ elements: (inout JSONWriter) -> Void) {
    let outer = open(UInt8(ascii: "["), layout)
    elements(&self)
    close(UInt8(ascii: "]"), outer)
  }

  @inlinable
  package mutating func array<Element>(
    _ elements: some Sequence<Element>, _ body: (inout JSONWriter, Element) -> Void
  ) {
    let outer = open(UInt8(ascii: "["), .oneLine)
    for element in elements { body(&self, element) }
    close(UInt8(ascii: "]"), outer)
  }

  // MARK: Members

  /// Writes the key of the value that is written next. It is written as it is: keys are our own, and
  /// need no escapes.
  package mutating func key(_ name: StaticString) {
    separate()
    bytes.append(UInt8(ascii: "\""))
    name.withUTF8Buffer { bytes.append(contentsOf: $0) }
    bytes.append(UInt8(ascii: "\""))
    endKey()
  }

  package mutating func member(_ name: StaticString, _ value: String) {
    key(name)
    string(value)
  }

  @inlinable
  package mutating func member(_ name: StaticString, _ value: some BinaryInteger) {
    key(name)
    integer(value)
  }

  package mutating func member(_ name: StaticString, _ value: Bool) {
    key(name)
    boolean(value)
  }

  package mutating func member(_ name: StaticString, _ values: [String]) {
    key(name)
    strings(values)
  }

  /// Writes a member whose name comes from outside.
  package mutating func member(named name: String, _ value: String) {
    separate()
    quoted(name.repaired)
    endKey()
    string(value)
  }

  // MARK: Members that may have no value

  /// Writes the member; its value is `null` if there is none.
  package mutating func member(_ name: StaticString, orNull value: String?) {
    key(name)
    if let value { string(value) } else { null() }
  }

  @inlinable
  package mutating func member(_ name: StaticString, orNull value: (some BinaryInteger)?) {
    key(name)
    if let value { integer(value) } else { null() }
  }

  package mutating func member(_ name: StaticString, orNull value: Bool?) {
    key(name)
    if let value { boolean(value) } else { null() }
  }

  /// Writes the member if there is a value, and nothing otherwise.
  package mutating func member(_ name: StaticString, ifPresent value: String?) {
    guard let value else { return }
    member(name, value)
  }

  @inlinable
  package mutating func member(_ name: StaticString, ifPresent value: (some BinaryInteger)?) {
    guard let value else { return }
    member(name, value)
  }

  /// Writes the member if it is true, and nothing otherwise.
  package mutating func member(_ name: StaticString, ifTrue value: Bool) {
    guard value else { return }
    member(name, true)
  }

  // MARK: Values

  package mutating func null() {
    separate()
    bytes.append(contentsOf: "null".utf8)
  }

  package mutating func boolean(_ value: Bool) {
    separate()
    bytes.append(contentsOf: (value ? "true" : "false").utf8)
  }

  @inlinable
  package mutating func integer(_ value: some BinaryInteger) {
    integer(magnitude: UInt64(value.magnitude), isNegative: value < 0)
  }

  package mutating func integer(magnitude: UInt64, isNegative: Bool) {
    separate()
    if isNegative { bytes.append(UInt8(ascii: "-")) }
    var rest = magnitude
    let start = bytes.count
    repeat {
      bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10))
      rest /= 10
    } while rest > 0
    bytes[start...].reverse()
  }

  /// Writes nanoseconds as seconds, or null: rounded to six decimals, with at least one of them, and
  /// exact, because no floating-point number is involved.
  package mutating func seconds(nanoseconds: UInt64?) {
    guard let nanoseconds else {
      null()
      return
    }
    separate()
    let microseconds = nanoseconds / 1000 + (nanoseconds % 1000 >= 500 ? 1 : 0)
    var fraction = (microseconds % 1_000_000).zeroPadded(to: 6)
    while fraction.utf8.count > 1, fraction.hasSuffix("0") { fraction.removeLast() }
    bytes.append(contentsOf: "\(microseconds / 1_000_000).\(fraction)".utf8)
  }

  package mutating func strings(_ values: [String]) {
    array(values) { $0.string($1) }
  }

  package mutating func string(_ value: String) {
    if !value.keepsBytes {
      separate()
      quoted(value)
    } else if style == .line {
      object { $0.member("b64", Base64.text(of: value.exactBytes)) }
    } else {
      separate()
      quoted(value.repaired)
    }
  }

  // MARK: Bytes

  /// Begins a container, and returns whether the one around it is on one line.
  @usableFromInline
  mutating func open(_ bracket: UInt8, _ layout: Layout) -> Bool {
    separate()
    bytes.append(bracket)
    let outer = isOneLine
    isOneLine = outer || layout == .oneLine
    depth += 1
    isFirst = true
    return outer
  }

  @usableFromInline
  mutating func close(_ bracket: UInt8, _ outer: Bool) {
    depth -= 1
    if style == .report, !isFirst, !isOneLine { breakLine() }
    bytes.append(bracket)
    isOneLine = outer
    isFirst = false
  }

  private mutating func endKey() {
    bytes.append(UInt8(ascii: ":"))
    if style == .report { bytes.append(UInt8(ascii: " ")) }
    isAfterKey = true
  }

  /// Writes what belongs between the last element and the next: nothing behind a key, else a comma and,
  /// in a report, a new line or a space.
  private mutating func separate() {
    if isAfterKey {
      isAfterKey = false
      return
    }
    if !isFirst { bytes.append(UInt8(ascii: ",")) }
    if style == .report {
      if !isOneLine {
        if depth > 0 { breakLine() }
      } else if !isFirst {
        bytes.append(UInt8(ascii: " "))
      }
    }
    isFirst = false
  }

  private mutating func breakLine() {
    bytes.append(UInt8(ascii: "\n"))
    for _ in 0..<depth { bytes.append(contentsOf: "  ".utf8) }
  }

  /// Writes a JSON string (RFC 8259, section 7), in which nothing acts on a terminal or in a log.
  private mutating func quoted(_ value: String) {
    bytes.append(UInt8(ascii: "\""))
    for scalar in value.unicodeScalars {
      JSONEscapes.append(scalar, to: &bytes) { [style] in Self.append($1, to: &$0, style) }
    }
    bytes.append(UInt8(ascii: "\""))
  }

  /// Appends an ASCII character of a string, with the shortest escape if it needs one.
  private static func append(_ byte: UInt8, to bytes: inout [UInt8], _ style: Style) {
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"):
      bytes.append(UInt8(ascii: "\\"))
      bytes.append(byte)
    case UInt8(ascii: "\n"): bytes.append(contentsOf: #"\n"#.utf8)
    case UInt8(ascii: "\t"): bytes.append(contentsOf: #"\t"#.utf8)
    case UInt8(ascii: "\r"): bytes.append(contentsOf: #"\r"#.utf8)
    case 0x08 where style == .report: bytes.append(contentsOf: #"\b"#.utf8)
    case 0x0C where style == .report: bytes.append(contentsOf: #"\f"#.utf8)
    case 0..<0x20: JSONEscapes.appendEscape(UInt16(byte), to: &bytes)
    default: bytes.append(byte)
    }
  }
}
