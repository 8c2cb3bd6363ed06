internal import Bytes

/// A text without what changes by itself from one run to the next: the folders of the run, names of
/// temporary files, numbers of processes, ports and moments, random identifiers.
package struct ChangingText {
  /// The folders that are left out in front, the longest first, and what stands for each.
  private let roots: [(folder: String, name: String)]
  /// The pids of the run's processes.
  private let processes: Set<String>
  /// Whether only names of temporary files change by themselves: a person has typed the text.
  private let isTyped: Bool

  /// - Parameter roots: As `Self.roots(_:)` makes them.
  package init(
    roots: [(folder: String, name: String)], processes: Set<String> = [], isTyped: Bool = false
  ) {
    self.roots = roots
    self.processes = processes
    self.isTyped = isTyped
  }

  /// The folders of a run in the order in which they are looked for, with those of temporary files.
  ///
  /// - Parameters:
  ///   - folders: What is relative to these is the same in another checkout.
  ///   - temporaryFolders: Those in addition to the usual ones.
  package static func roots(
    _ folders: [String], temporaryFolders: [String]
  ) -> [(folder: String, name: String)] {
    (folders.map { ($0, "") }
      + (temporaryFolders + ["/tmp", "/var/tmp", "/dev/shm"]).map { ($0, temporary) })
      .map { (withoutSlash($0.0), $0.1) }
      .filter { $0.0.hasPrefix("/") && $0.0 != "/" }
      .sorted { $0.0.utf8.count > $1.0.utf8.count }
  }

  private static func withoutSlash(_ folder: String) -> String {
    var folder = folder
    while folder.utf8.count > 1, folder.hasSuffix("/") { folder.removeLast() }
    return folder
  }

  /// The text with the names of the folders that are in it.
  package static func named(_ text: String, _ roots: [(folder: String, name: String)]) -> String {
    guard text.utf8.contains(UInt8(ascii: "/")) else { return text }
    return roots.reduce(text) { $0.replacingFolder($1.folder, by: $1.name) }
  }

  package func pattern(_ argument: String) -> String {
    let text = Self.named(argument, roots)
    if !text.contains(Self.temporary) { return isTyped ? text : Self.free(text, processes) }
    // What lies in the folder for temporary files is drawn, or numbered.
    var result = ""
    var rest = text[...]
    while let range = rest.firstRange(of: Self.temporary + "/") {
      let before = String(rest[..<range.lowerBound])
      result += isTyped ? before : Self.free(before, processes)
      result += Self.temporary + "/" + Self.changing
      rest = rest[range.upperBound...].drop { !" :,;'\"".contains($0) }
    }
    return result + (isTyped ? String(rest) : Self.free(String(rest), processes))
  }

  package static let changing = "#"
  /// What stands for a folder of temporary files.
  package static let temporary = "<tmp>"

  /// The text without any number.
  package static func withoutNumbers(_ text: String) -> String {
    guard text.utf8.contains(where: \.isASCIIDigit) else { return text }
    var result = ""
    var isNumber = false
    for character in text {
      let isDigit = character.isASCII && character.isNumber
      if !isDigit { result.append(character) } else if !isNumber { result += changing }
      isNumber = isDigit
    }
    return result
  }

  /// The text without numbers and words that look drawn.
  private static func free(_ text: String, _ processes: Set<String>) -> String {
    guard text.utf8.contains(where: \.isASCIIDigit) || text.utf8.count >= drawnName else {
      return text
    }
    var result = ""
    var word = ""
    for character in withoutMoments(withoutUUIDs(text)) {
      if character.isASCII, character.isLetter || character.isNumber || character == "_" {
        word.append(character)
      } else {
        result += free(word: word, processes)
        word = ""
        result.append(character)
      }
    }
    return result + free(word: word, processes)
  }

  /// `tempfile`: `tmp` and eight of `a-z0-9_` (Lib/tempfile.py, `_RandomNameSequence`).
  private static let drawnName = 11

  private static func free(word: String, _ processes: Set<String>) -> String {
    if word.isEmpty { return word }
    let bytes = Array(word.utf8)
    let digits = bytes.count(where: \.isASCIIDigit)
    if digits == bytes.count { return digits >= 4 || processes.contains(word) ? changing : word }
    return isDrawn(bytes, digits: digits) ? changing : withoutLongNumbers(word, processes)
  }

  /// Replaces dates, times of day and addresses: numbers between `-`, `:`, `.`, `+` and `T` that have
  /// six digits together.
  private static func withoutMoments(_ text: String) -> String {
    let bytes = Array(text.utf8)
    var result: [UInt8] = []
    var index = 0
    while index < bytes.count {
      let isStart =
        bytes[index].isASCIIDigit && (index == 0 || !bytes[index - 1].isOfWord)
      var end = index
      while isStart, end < bytes.count, bytes[end].isASCIIDigit || moment.contains(bytes[end]) {
        end += 1
      }
      while end > index, !bytes[end - 1].isASCIIDigit, bytes[end - 1] != UInt8(ascii: "Z") {
        end -= 1
      }
      let digits = bytes[index..<end].count(where: \.isASCIIDigit)
      if digits >= 6, digits < end - index, end == bytes.count || !bytes[end].isOfWord {
        result += changing.utf8
        index = end
      } else {
        result.append(bytes[index])
        index += 1
      }
    }
    return String(decoding: result, as: UTF8.self)
  }

  private static let moment = Set("-:.+TZ".utf8)

  /// Replaces what has the form of a UUID: hexadecimal digits in groups of 8, 4, 4, 4 and 12.
  private static func withoutUUIDs(_ text: String) -> String {
    let bytes = Array(text.utf8)
    guard bytes.count >= 36, bytes.count(where: { $0 == UInt8(ascii: "-") }) >= 4 else {
      return text
    }
    var result: [UInt8] = []
    var index = 0
    while index < bytes.count {
      if index + 36 <= bytes.count, isUUID(bytes[index..<(index + 36)]) {
        result += changing.utf8
        index += 36
      } else {
        result.append(bytes[index])
        index += 1
      }
    }
    return String(decoding: result, as: UTF8.self)
  }

  private static func isUUID(_ bytes: ArraySlice<UInt8>) -> Bool {
    bytes.enumerated().allSatisfy { index, byte in
      [8, 13, 18, 23].contains(index)
        ? byte == UInt8(ascii: "-") : byte.isHexadecimalDigit
    }
  }

  /// Whether a word looks drawn: hexadecimal digits, or letters and digits mixed at length.
  private static func isDrawn(_ bytes: [UInt8], digits: Int) -> Bool {
    if bytes.count == drawnName, bytes.starts(with: "tmp".utf8) { return true }
    guard digits > 0 else { return false }
    if bytes.count >= 8, bytes.allSatisfy(\.isHexadecimalDigit) { return true }
    if bytes.starts(with: "0x".utf8), bytes.count >= 6 { return true }
    return bytes.count >= 16 && digits >= 3
  }

  private static func withoutLongNumbers(_ word: String, _ processes: Set<String>) -> String {
    var result = ""
    var number = ""
    for character in word + " " {
      if character.isASCII, character.isNumber {
        number.append(character)
        continue
      }
      let isChanging = number.utf8.count >= 4 || processes.contains(number) && number.utf8.count > 2
      result += isChanging ? changing : number
      number = ""
      result.append(character)
    }
    return String(result.dropLast())
  }
}

extension UInt8 {
  fileprivate var isASCIIDigit: Bool { (0x30...0x39).contains(self) }
  /// Whether it is a letter or a digit, or part of a character that isn't ASCII.
  fileprivate var isOfWord: Bool {
    isASCIIDigit || (0x61...0x7a).contains(self | 0x20) || self == UInt8(ascii: "_") || self >= 0x80
  }
  fileprivate var isHexadecimalDigit: Bool { isASCIIDigit || (0x61...0x66).contains(self | 0x20) }
}
