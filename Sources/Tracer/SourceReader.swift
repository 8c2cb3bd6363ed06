internal import LinuxProcess
internal import TraceModel

/// Reads the program's text at the lines of user frames, as it is when the stack is.
final class SourceReader {
  /// A longer file is not a person's.
  private static let limit = 4 << 20
  /// A longer line says nothing in a report.
  private static let lineLimit = 500
  /// How many lines are remembered.
  private static let memory = 1000

  private struct Place: Hashable {
    var file: String
    var line: Int
  }

  /// What was read, and what the file was then: a program starts its processes at the same few lines.
  private var known: [Place: (file: FileStatus, excerpt: SourceExcerpt?)] = [:]

  /// Fills in the text of the user's frames; others are left without.
  func fill(
    _ frames: inout [PythonFrame], of process: Int32, startedIn workingDirectory: String
  ) {
    var files: [String: File] = [:]
    for index in frames.indices {
      let frame = frames[index]
      guard let line = frame.line, CodeOrigin(path: frame.path) == .user else { continue }
      let path = frame.path.absolutePath(in: workingDirectory)
      let name = ProcessFacts(process: process).rooted(path)
      frames[index].source = excerpt(
        at: Place(file: name, line: line), &files[name, default: File(name)])
    }
  }

  /// A file at this moment.
  private struct File {
    let status: FileStatus?
    /// nil until they are needed.
    var bytes: [UInt8]??

    init(_ name: String) {
      status = FileStatus(path: name)
    }
  }

  private func excerpt(at place: Place, _ file: inout File) -> SourceExcerpt? {
    guard let status = file.status else { return nil }
    if let known = known[place], known.file == status { return known.excerpt }
    let bytes = file.bytes ?? contents(of: place.file, atMost: Self.limit)
    file.bytes = .some(bytes)
    guard let bytes else { return nil }
    let excerpt = Self.excerpt(bytes, line: place.line)
    if known.count >= Self.memory { known.removeAll(keepingCapacity: true) }
    known[place] = (status, excerpt)
    return excerpt
  }

  /// The text of a line (from 1), with the first line of the statement at the margin that it is in.
  static func excerpt(_ bytes: [UInt8], line number: Int) -> SourceExcerpt? {
    var current = 0
    var statement: (number: Int, line: ArraySlice<UInt8>)?
    var rest = bytes[...]
    while !rest.isEmpty {
      let end = rest.firstIndex(of: 0x0a) ?? rest.endIndex
      var line = rest[rest.startIndex..<end]
      if line.last == 0x0d { line = line.dropLast() }
      rest = end < rest.endIndex ? rest[(end + 1)...] : []
      current += 1
      if beginsStatement(line) { statement = (current, line) }
      guard current == number else { continue }
      var excerpt = SourceExcerpt(line: text(line))
      if let statement, statement.number != number {
        excerpt.statement = .init(number: statement.number, line: text(statement.line))
      }
      return excerpt
    }
    return nil
  }

  /// Whether a line begins a statement at the margin: it isn't indented, no comment, no closing
  /// bracket, and no later clause of a statement that began before.
  private static func beginsStatement(_ line: ArraySlice<UInt8>) -> Bool {
    guard let first = line.first, !" \t#)]}\\\u{c}".utf8.contains(first) else { return false }
    for clause in ["else", "elif", "except", "finally"] where line.starts(with: clause.utf8) {
      let next = line.dropFirst(clause.utf8.count).first ?? 0x20
      if next == 0x20 || next == 0x3a || next == 0x28 || next == 0x2a { return false }
    }
    return true
  }

  private static func text(_ line: ArraySlice<UInt8>) -> String {
    String(decoding: line.prefix(lineLimit), as: UTF8.self)
  }
}
