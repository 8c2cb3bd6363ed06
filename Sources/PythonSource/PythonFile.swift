/// A Python file's statements, read from its bytes alone and without an interpreter.
///
/// The bytes are read once, in linear time, whatever they are. The encoding is never needed: all
/// that Python's syntax consists of is ASCII, and other bytes belong to names, strings or comments.
package struct PythonFile {
  let bytes: [UInt8]
  let list: TokenList
  let contents: [Statement]
  /// False if brackets, strings or blocks don't fit: then Python can't read the file, either, and
  /// the statements are a guess.
  package let isWhole: Bool

  /// - Parameter defersAnnotations: as 3.14 does, or `from __future__ import annotations`, which is
  ///   seen in the file.
  package init(_ bytes: [UInt8], defersAnnotations: Bool = false) {
    self.bytes = bytes
    list = Tokenizer.tokens(of: bytes)
    var reader = NameReader(list, bytes, defersAnnotations: defersAnnotations)
    reader.read()
    contents = reader.statements
    isWhole = list.isWhole && reader.isWhole
  }

  package var lineCount: Int { list.lineStarts.count }

  static let byteOrderMark: [UInt8] = [0xef, 0xbb, 0xbf]

  var hasByteOrderMark: Bool { bytes.starts(with: Self.byteOrderMark) }

  /// A line with its end, and without a byte order mark.
  func line(_ number: Int) -> ArraySlice<UInt8> {
    bytes[textStart(ofLine: number)..<offset(ofLine: number + 1)]
  }

  /// Where a line's text begins: behind a byte order mark.
  func textStart(ofLine number: Int) -> Int {
    number == 1 && hasByteOrderMark
      ? Self.byteOrderMark.count : offset(ofLine: number)
  }

  /// Where a line begins; the file's size for those behind the last.
  func offset(ofLine number: Int) -> Int {
    number <= list.lineStarts.count ? list.lineStarts[number - 1] : bytes.count
  }
}

// What others see of a statement.
extension PythonFile {
  /// A statement at the margin. Names are bytes in the file's encoding.
  package struct Entry {
    /// `def`, `class`, `import`, `from-import`, `future-import`, `docstring`, `guard` or `other`.
    package var kind: String
    /// From 1, with decorators.
    package var firstLine: Int
    package var lastLine: Int
    /// In the file.
    package var bytes: Range<Int>
    /// What it binds in the module, also by `global` in a function. `from NAME import *` is `*`.
    package var bound: [[UInt8]]
    /// What it needs when it is executed: not what the functions in it need when they are called.
    package var needed: [[UInt8]]
    /// What the functions in it need of the module.
    package var neededLater: [[UInt8]]
  }

  package var statements: [Entry] {
    contents.map { statement in
      var bound = statement.allBinds.map { Array(list.names.bytes(of: $0)) }
      if statement.importsAll { bound.append([UInt8(ascii: "*")]) }
      return Entry(
        kind: statement.kind.rawValue, firstLine: statement.firstLine,
        lastLine: statement.lastLine, bytes: byteRange(of: statement), bound: bound,
        needed: names(of: statement) { !$0.isDeferred },
        neededLater: names(of: statement) { $0.isDeferred })
    }
  }

  private func byteRange(of statement: Statement) -> Range<Int> {
    let tokens = list.tokens[statement.tokens]
    return Int(tokens.first?.start ?? 0)..<Int(tokens.last?.end ?? 0)
  }

  private func names(of statement: Statement, _ matches: (NameUse) -> Bool) -> [[UInt8]] {
    var known = Set<Int32>()
    return statement.uses.filter { matches($0) && known.insert($0.name).inserted }
      .map { Array(list.names.bytes(of: $0.name)) }
  }
}
