/// Finds the secrets of a text: values that follow a secret's name, tokens, and user names and passwords
/// in URLs.
enum SecretFinder {
  /// Returns their ranges in order and without overlaps; nil if there are none.
  static func ranges(in bytes: [UInt8]) -> [Range<Int>]? {
    merged(NamedValues(bytes).ranges + TokenFinder.ranges(in: bytes) + urls(bytes))
  }

  /// The same for what a program has written: in tracebacks there are lines of programs.
  static func ranges(inWritten bytes: [UInt8]) -> [Range<Int>]? {
    guard SecretNames.mayOccur(in: bytes) else { return ranges(in: bytes) }
    var found = ranges(in: bytes) ?? []
    for line in bytes.split(separator: UInt8(ascii: "\n")) where isOfSource(line) {
      found += SourceLiterals(Array(line)).secrets.map {
        ($0.lowerBound + line.startIndex)..<($0.upperBound + line.startIndex)
      }
    }
    return merged(found)
  }

  /// Whether a line is indented as the source in a traceback, behind the bars of an exception group
  /// or not (Lib/traceback.py).
  private static func isOfSource(_ line: ArraySlice<UInt8>) -> Bool {
    let text = line.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "|") }
    return line[..<text.startIndex].suffix(4).elementsEqual("    ".utf8)
  }

  /// The same for a line of a program: in code, only literals and comments have secrets.
  static func ranges(inSource bytes: [UInt8]) -> [Range<Int>]? {
    merged(SourceLiterals(bytes).secrets + TokenFinder.ranges(in: bytes) + urls(bytes))
  }

  /// Returns those of a path: tokens, what URLs have, and what a component assigns to a secret's name.
  static func ranges(inPath bytes: [UInt8]) -> [Range<Int>]? {
    merged(TokenFinder.ranges(in: bytes) + urls(bytes) + assigned(inPath: bytes))
  }

  /// `/x/token=abc/y`
  private static func assigned(inPath bytes: [UInt8]) -> [Range<Int>] {
    guard bytes.contains(UInt8(ascii: "=")) else { return [] }
    return bytes.split(separator: UInt8(ascii: "/")).compactMap { component in
      guard let sign = component.firstIndex(of: UInt8(ascii: "=")), sign + 1 < component.endIndex,
        SecretNames.contains(String(decoding: component[..<sign], as: UTF8.self))
      else { return nil }
      return (sign + 1)..<component.endIndex
    }
  }

  private static func merged(_ ranges: [Range<Int>]) -> [Range<Int>]? {
    let found = ranges.sorted { $0.lowerBound < $1.lowerBound }
    guard var last = found.first else { return nil }
    var result: [Range<Int>] = []
    for range in found.dropFirst() {
      if range.lowerBound <= last.upperBound {
        last = last.lowerBound..<max(last.upperBound, range.upperBound)
      } else {
        result.append(last)
        last = range
      }
    }
    return result + [last]
  }

  /// `https://user:password@host`, and `https://token@host`.
  private static func urls(_ bytes: [UInt8]) -> [Range<Int>] {
    var result: [Range<Int>] = []
    var index = 0
    while let sign = bytes[index...].firstIndex(of: UInt8(ascii: ":")) {
      index = sign + 1
      guard bytes[index...].starts(with: [UInt8(ascii: "/"), UInt8(ascii: "/")]) else { continue }
      index += 2
      let end =
        bytes[index...].firstIndex {
          $0 <= 0x20 || [UInt8(ascii: "/"), 0x22, 0x27].contains($0)
        } ?? bytes.count
      if let at = bytes[index..<end].lastIndex(of: UInt8(ascii: "@")), at > index {
        result.append(index..<at)
      }
      index = end
    }
    return result
  }
}
