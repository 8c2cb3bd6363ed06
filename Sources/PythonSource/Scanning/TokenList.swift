/// What the bytes of a Python file are, before statements are made of them.
struct TokenList {
  var tokens: [Token] = []
  var lines: [LogicalLine] = []
  var names = NameTable()
  /// The offset of each line. A last line end begins no further line.
  var lineStarts: [Int] = []
  /// Lines that begin inside of a string: their first bytes belong to it. In order.
  var stringLines: [ClosedRange<Int>] = []
  /// Whether each bracket and string has an end, and each byte a meaning.
  var isWhole = true

  /// The line of an offset, from 1.
  func line(at offset: Int) -> Int {
    var (low, high) = (0, lineStarts.count)
    while high - low > 1 {
      let middle = (low + high) / 2
      if lineStarts[middle] <= offset { low = middle } else { high = middle }
    }
    return low + 1
  }

  /// The line that a token ends in.
  func lastLine(of token: Int) -> Int {
    line(at: max(Int(tokens[token].end) - 1, 0))
  }
}
