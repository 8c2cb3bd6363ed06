internal import LinuxProcess
internal import Multiprocessing
internal import TraceModel

/// Reads the program's text at the lines of user frames, as it is when a frame is seen for the
/// first time.
final class SourceReader {
  /// A longer file was not written by hand.
  private static let limit = 4 << 20
  /// A longer line is useless in a report.
  private static let lineLimit = 500

  private let files: ProgramFiles

  init(_ files: ProgramFiles) {
    self.files = files
  }

  /// Fills in the missing text of the user's frames, and leaves other frames without.
  func fill(
    _ frames: inout [PythonFrame], of process: ProcessID, startedIn workingDirectory: String
  ) {
    var known: [String: (bytes: [UInt8], methodLines: [SourceExcerpt.Statement])?] = [:]
    for index in frames.indices {
      let frame = frames[index]
      guard frame.source == nil, let line = frame.line, CodeOrigin(path: frame.path) == .user else {
        continue
      }
      let path = frame.path.absolutePath(in: workingDirectory)
      let name = ProcessFolder(process).rooted(path)
      if known[name] == nil {
        known[name] = .some(
          files.text(of: name, atMost: Self.limit).map { ($0, Self.methodLines($0)) })
      }
      guard let file = known[name] ?? nil else { continue }
      frames[index].source = Self.excerpt(file.bytes, line: line)
      frames[index].source?.methodLines = file.methodLines
    }
  }

  /// Returns the text of a line (from 1), with the first line of the top-level statement around it.
  static func excerpt(_ bytes: [UInt8], line number: Int) -> SourceExcerpt? {
    var current = 0
    var statement: (number: Int, line: ArraySlice<UInt8>)?
    var decorator: (number: Int, line: ArraySlice<UInt8>)?
    var rest = bytes[...]
    while !rest.isEmpty {
      let end = rest.firstIndex(of: 0x0a) ?? rest.endIndex
      var line = rest[rest.startIndex..<end]
      if line.last == 0x0d { line = line.dropLast() }
      rest = end < rest.endIndex ? rest[(end + 1)...] : []
      current += 1
      if PythonLine.beginsStatement(line) {
        // Python up to 3.8 names a decorated definition by its own line, later ones by a decorator's.
        if statement?.line.first != UInt8(ascii: "@") { decorator = nil }
        if decorator == nil, line.first == UInt8(ascii: "@") { decorator = (current, line) }
        statement = (current, line)
      }
      guard current == number else { continue }
      var excerpt = SourceExcerpt(line: text(line))
      let first = statement?.number == number ? decorator : statement
      if let first, first.number != number {
        excerpt.statement = .init(number: first.number, line: text(first.line))
      }
      return excerpt
    }
    return nil
  }

  /// Returns the lines that name a start method in a call which chooses it.
  static func methodLines(_ bytes: [UInt8]) -> [SourceExcerpt.Statement] {
    let numbers = StartMethodLine.numbers(in: bytes, limit: SourceExcerpt.methodLineLimit)
    if numbers.isEmpty { return [] }
    let all = bytes.split(separator: 0x0a, omittingEmptySubsequences: false)
    return numbers.filter { all.indices.contains($0 - 1) }.map { number in
      .init(number: number, line: PythonLine.trimmed(text(all[number - 1])))
    }
  }

  private static func text(_ line: ArraySlice<UInt8>) -> String {
    String(decoding: line.prefix(lineLimit), as: UTF8.self)
  }
}
