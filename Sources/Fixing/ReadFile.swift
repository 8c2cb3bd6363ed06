internal import Analysis
internal import Bytes
internal import PythonSource
internal import TraceModel

/// A file that was read to be edited.
struct ReadFile {
  /// Without symbolic links.
  let path: String
  let bytes: [UInt8]
  let source: PythonFile

  init(path: String, bytes: [UInt8], python: PythonVersion?) {
    self.path = path
    self.bytes = bytes
    let isDeferring = python.map { $0 >= PythonVersion(major: 3, minor: 14) } ?? false
    source = PythonFile(bytes, defersAnnotations: isDeferring)
  }

  /// Whether the text at a line is the one that was seen there.
  func shows(_ excerpt: SourceExcerpt?, at line: Int) -> Bool {
    guard let seen = excerpt?.line else { return true }
    let lines = TextLines(bytes)
    // A carriage return ends a line, too, so files with some have another count of lines.
    if bytes.contains(0x0d), bytes.count(where: { $0 == 0x0a }) != lines.count { return true }
    guard lines.count > 0, (1...lines.count).contains(line) else { return false }
    // A secret was left out of what was seen, and a traceback has no indentation.
    let isSpace: (Character) -> Bool = { $0 == " " || $0 == "\t" || $0 == "\u{c}" }
    let known = seen.drop(while: isSpace).prefix { $0 != "[" }
    return String(decoding: lines[line - 1].prefix(500), as: UTF8.self).drop(while: isSpace)
      .hasPrefix(known)
  }

  func change(_ edit: GuardEdit) -> FileChange {
    FileChange(path: path, of: bytes, by: edit.byteChanges(in: source), isLatin1: isLatin1)
  }

  /// The encoding, if the edit has text that isn't UTF-8 and can't be given as characters.
  func unknownEncoding(of edit: GuardEdit) -> String? {
    let isText = edit.edits.allSatisfy { String(validating: $0.replacement, as: UTF8.self) != nil }
    return isText || isLatin1 ? nil : source.namedEncoding ?? "utf-8"
  }

  private var isLatin1: Bool {
    let name = source.namedEncoding?.replacing("_", with: "-") ?? "utf-8"
    return ["latin-1", "latin1", "iso-8859-1", "iso8859-1", "l1", "cp819"].contains(name)
  }

  func text(_ edit: GuardEdit) -> ChangedText {
    ChangedText(
      path: path, original: bytes, edited: edit.applied(to: source), isLatin1: isLatin1)
  }
}
