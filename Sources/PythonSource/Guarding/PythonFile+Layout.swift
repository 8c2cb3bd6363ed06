// How a file is laid out: indentation, line ends, comments.
extension PythonFile {
  /// The file's own line end: that of its first line.
  var lineEnd: [UInt8] {
    guard list.lineStarts.count > 0 else { return [0x0a] }
    let first = line(1)
    if first.suffix(2).elementsEqual([0x0d, 0x0a]) { return [0x0d, 0x0a] }
    return first.last == 0x0d ? [0x0d] : [0x0a]
  }

  /// What the file's first indented line has in front; four spaces if there is none.
  var indentationUnit: [UInt8] {
    for line in list.lines where line.column > 0 {
      return indentation(of: line)
    }
    return Array("    ".utf8)
  }

  /// White space before a logical line, from the last form feed on.
  func indentation(of line: LogicalLine) -> [UInt8] {
    let token = list.tokens[line.tokens.lowerBound]
    let start = textStart(ofLine: Int(token.line))
    let space = bytes[start..<Int(token.start)]
    let isPlain = space.allSatisfy { $0 == 0x20 || $0 == 0x09 }
    return isPlain ? Array(space) : [UInt8](repeating: 0x20, count: max(line.column, 1))
  }

  func isBlank(_ number: Int) -> Bool {
    line(number).allSatisfy { $0 == 0x20 || $0 == 0x09 || (0x0a...0x0d).contains($0) }
  }

  /// Whether a line is a comment; only lines outside of statements are asked for.
  private func isComment(_ number: Int, isIndented: Bool) -> Bool {
    let line = line(number)
    let rest = line.drop { $0 == 0x20 || $0 == 0x09 }
    return rest.first == UInt8(ascii: "#") && isIndented == (rest.count < line.count)
  }

  /// The first line of a unit, or of the comments directly above it.
  func firstLine(of unit: Unit, after previous: Unit?) -> Int {
    var first = unit.firstLine
    let limit = max(previous?.lastLine ?? 0, headLineCount)
    while first - 1 > limit, isComment(first - 1, isIndented: false) { first -= 1 }
    return first
  }

  /// The last line of a unit, or of the comments at its end that are indented as its block is.
  func lastLine(of unit: Unit) -> Int {
    var last = unit.lastLine
    while last < lineCount, isComment(last + 1, isIndented: true) { last += 1 }
    return last
  }

  /// The lines at the head that have to stay there: `#!`, and the encoding (PEP 263).
  private var headLineCount: Int {
    var count = 0
    for number in 1...2 where number <= lineCount {
      let line = line(number)
      if number == 1, line.starts(with: "#!".utf8) { count = number }
      if encoding(in: line) != nil { count = number }
    }
    return count
  }

  /// The encoding that a file names in one of its first two lines, in lower case (PEP 263); nil if
  /// it names none: UTF-8.
  package var namedEncoding: String? {
    for number in 1...2 where number <= lineCount {
      if let name = encoding(in: line(number)) { return name }
      if !isBlank(number), !isComment(number, isIndented: false) { return nil }
    }
    return nil
  }

  private func encoding(in line: ArraySlice<UInt8>) -> String? {
    var rest = line.drop { $0 == 0x20 || $0 == 0x09 || $0 == 0x0c }
    guard rest.first == UInt8(ascii: "#") else { return nil }
    while let range = rest.firstRange(of: "coding".utf8) {
      rest = rest[range.upperBound...]
      guard let sign = rest.first, sign == UInt8(ascii: ":") || sign == UInt8(ascii: "=") else {
        continue
      }
      let name = rest.dropFirst().drop { $0 == 0x20 || $0 == 0x09 }.prefix {
        switch $0 {
        case 0x30...0x39, 0x41...0x5a, 0x61...0x7a: true
        default: "-_.".utf8.contains($0)
        }
      }
      if !name.isEmpty { return String(decoding: name, as: UTF8.self).lowercased() }
    }
    return nil
  }

  /// Bytes of the file that become others.
  struct Cut {
    var bytes: Range<Int>
    var text: [UInt8]
  }

  /// Some lines, each further in by `prefix`. Blank lines and those that begin inside of a string
  /// stay as they are.
  func indented(
    _ lines: ClosedRange<Int>, by prefix: [UInt8], replacing cuts: [Cut] = []
  ) -> [UInt8] {
    var cuts = cuts[...]
    var strings = stringLines(from: lines.lowerBound)
    var result: [UInt8] = []
    for number in lines {
      var line = line(number)
      if let string = strings.first, string.upperBound < number { strings.removeFirst() }
      let isInString = strings.first?.contains(number) == true
      let isInCut = cuts.first.map { $0.bytes.lowerBound < line.startIndex } ?? false
      if !isInString, !isInCut, !isBlank(number) {
        // A form feed would put the line back to the margin.
        let space = line.prefix { $0 == 0x20 || $0 == 0x09 || $0 == 0x0c }
        if let feed = space.lastIndex(of: 0x0c) { line = line[(feed + 1)...] }
        result += prefix
      }
      result += cuts.isEmpty ? Array(line) : text(of: line, &cuts)
    }
    if let last = result.last, last != 0x0a, last != 0x0d { result += lineEnd }
    return result
  }

  /// A line's text after the cuts. One may end in a further line.
  private func text(of line: ArraySlice<UInt8>, _ cuts: inout ArraySlice<Cut>) -> [UInt8] {
    var text: [UInt8] = []
    var position = line.startIndex
    while let cut = cuts.first, cut.bytes.lowerBound < line.endIndex {
      if cut.bytes.lowerBound >= line.startIndex {
        text += line[position..<cut.bytes.lowerBound] + cut.text
      }
      position = min(cut.bytes.upperBound, line.endIndex)
      if cut.bytes.upperBound > line.endIndex { break }
      cuts.removeFirst()
    }
    return text + line[position...]
  }

  /// The strings that have lines from that one on.
  private func stringLines(from line: Int) -> ArraySlice<ClosedRange<Int>> {
    var (low, high) = (0, list.stringLines.count)
    while low < high {
      let middle = (low + high) / 2
      if list.stringLines[middle].upperBound < line { low = middle + 1 } else { high = middle }
    }
    return list.stringLines[low...]
  }
}
