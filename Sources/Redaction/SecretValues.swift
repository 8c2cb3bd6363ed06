internal import Bytes

/// Values that are known to be secrets, and how they may be written.
struct SecretValues {
  /// The longest first, in case one contains another.
  private var values: [[UInt8]] = []
  /// Shorter values would be found in ordinary words.
  static let shortest = 6
  /// A line of a value with several, as of a key in PEM, is a secret of its own if it is as long.
  private static let shortestLine = 16

  /// Adds values with the forms in which programs write them. Returns whether one is new.
  mutating func add(_ secrets: [String]) -> Bool {
    let new = secrets.flatMap { Self.lines(of: $0).flatMap(Self.forms) }
    let all = Set(values).union(new.map { Array($0.utf8) })
    guard all.count > values.count else { return false }
    values = all.sorted { ($0.count, $0.debugDescription) > ($1.count, $1.debugDescription) }
    return true
  }

  /// Whether a value is a path and no secret: it begins with a usual folder of the root.
  static func isPath(_ value: String) -> Bool {
    guard value.utf8.first == UInt8(ascii: "/") else { return false }
    return folders.contains(String(value.dropFirst().prefix { $0 != "/" }))
  }

  /// Those of the Filesystem Hierarchy Standard, of macOS, and of CI systems' checkouts.
  private static let folders: Set<String> = [
    "bin", "boot", "dev", "etc", "home", "lib", "lib64", "media", "mnt", "opt", "proc", "root",
    "run",
    "sbin", "srv", "sys", "tmp", "usr", "var", "Users", "private", "Library", "Volumes", "__w",
    "app",
    "builds", "code", "data", "github", "nix", "snap", "src", "w", "work", "workspace",
    "workspaces",
  ]

  private static func lines(of value: String) -> [String] {
    let lines = value.split(separator: "\n").map(String.init)
    guard lines.count > 1 else { return [value] }
    return [value] + lines.filter { $0.utf8.count >= shortestLine && !$0.contains(" ") }
  }

  /// The value itself, as Python's `repr` and `ascii` and JSON write it, and as URLs have it.
  private static func forms(_ value: String) -> [String] {
    let isPlain = value.utf8.allSatisfy {
      (0x30...0x39).contains($0) || (0x61...0x7a).contains($0 | 0x20) || "_-.".utf8.contains($0)
    }
    guard !isPlain else { return [value] }
    var forms = [value, percentEncoded(value)]
    for quotes in ["", "'", "\""] {
      forms.append(escaped(value, quotes: quotes) { _ in nil })
      forms.append(escaped(value, quotes: quotes, foreign: \.pythonEscape))
      forms.append(escaped(value, quotes: quotes, foreign: jsonEscape))
    }
    return forms
  }

  /// With escapes as in Python and JSON, which differ in what isn't ASCII.
  private static func escaped(
    _ value: String, quotes: String, foreign: (Unicode.Scalar) -> String?
  ) -> String {
    var result = ""
    for scalar in value.unicodeScalars {
      switch scalar {
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case "\\": result += "\\\\"
      case _ where quotes.unicodeScalars.contains(scalar): result += "\\\(scalar)"
      case _ where scalar.value < 0x20 || scalar.value >= 0x7f:
        result += foreign(scalar) ?? String(scalar)
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  private static func jsonEscape(_ scalar: Unicode.Scalar) -> String {
    String(scalar).utf16.map { "\\u" + UInt32($0).zeroPadded(to: 4, radix: 16) }.joined()
  }

  private static func percentEncoded(_ value: String) -> String {
    var result = ""
    for byte in value.utf8 {
      let isKept =
        (0x30...0x39).contains(byte) || (0x61...0x7a).contains(byte | 0x20) && byte < 0x80
        || "_-.~".utf8.contains(byte)
      result +=
        isKept
        ? String(Unicode.Scalar(byte))
        : "%" + UInt32(byte).zeroPadded(to: 2, radix: 16).uppercased()
    }
    return result
  }

  /// Returns a text with `mark` in the place of each value.
  func removed(from text: String, mark: String) -> String {
    guard !values.isEmpty else { return text }
    var bytes = Array(text.utf8)
    var isChanged = false
    for value in values {
      let ranges = Self.occurrences(of: value, in: bytes).filter { !bytes.isMark($0, mark) }
      guard !ranges.isEmpty else { continue }
      isChanged = true
      bytes = bytes.replacing(ranges, with: mark)
    }
    return isChanged ? String(decoding: bytes, as: UTF8.self) : text
  }

  private static func occurrences(of value: [UInt8], in bytes: [UInt8]) -> [Range<Int>] {
    guard bytes.count >= value.count else { return [] }
    var result: [Range<Int>] = []
    var start = 0
    while start <= bytes.count - value.count {
      if bytes[start] == value[0], bytes[start..<(start + value.count)].elementsEqual(value) {
        result.append(start..<(start + value.count))
        start += value.count
      } else {
        start += 1
      }
    }
    return result
  }
}

extension [UInt8] {
  /// Whether a range is a mark, with its brackets or without.
  func isMark(_ range: Range<Int>, _ mark: String) -> Bool {
    [(0, 0), (0, 1), (1, 1)].contains { before, behind in
      let whole = (range.lowerBound - before)..<(range.upperBound + behind)
      return whole.count == mark.utf8.count && whole.lowerBound >= 0 && whole.upperBound <= count
        && self[whole].elementsEqual(mark.utf8)
    }
  }

  /// - Parameter ranges: In order, and not overlapping.
  func replacing(_ ranges: [Range<Int>], with mark: String) -> [UInt8] {
    var result: [UInt8] = []
    var end = 0
    for range in ranges {
      result += self[end..<range.lowerBound]
      result += mark.utf8
      end = range.upperBound
    }
    return result + self[end...]
  }
}
