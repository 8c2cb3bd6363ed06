internal import Bytes

/// The line of an exception: its class, and its message.
enum ExceptionLine {
  /// Returns the line's text if it is one: `ValueError: no`, `pkg.Broken`, `KeyboardInterrupt`.
  static func text(_ bytes: UnsafeRawBufferPointer) -> String? {
    let name = bytes.prefix { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "."):
        true
      default: false
      }
    }
    guard (3..<200).contains(name.count), let first = name.first, first.decimalDigit == nil else {
      return nil
    }
    let rest = bytes[(bytes.startIndex + name.count)...]
    guard rest.isEmpty || rest.first == UInt8(ascii: ":") || rest.allSatisfy({ $0 == 0x20 }) else {
      return nil
    }
    let last = name.split(separator: UInt8(ascii: ".")).last ?? name[...]
    guard let initial = last.first, (0x41...0x5A).contains(initial) || initial == 0x5F else {
      return nil
    }
    // Levels of loggers: `WARNING: ...`.
    if last.allSatisfy({ !(0x61...0x7A).contains($0) }) { return nil }
    if rest.isEmpty || rest.allSatisfy({ $0 == 0x20 }) {
      let word = String(decoding: last, as: UTF8.self)
      guard endings.contains(where: { word.hasSuffix($0) }) || name.contains(UInt8(ascii: "."))
      else { return nil }
    }
    var text = String(decoding: bytes.prefix(2_000), as: UTF8.self)
    while text.last == " " || text.last == "\t" { text.removeLast() }
    return text
  }

  private static let endings = [
    "Error", "Exception", "Warning", "Interrupt", "Exit", "Iteration", "Pool", "Expired", "Empty",
    "Full", "Group", "Traceback",
  ]
}
