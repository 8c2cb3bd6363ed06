internal import Bytes
internal import PythonSource
package import TraceModel

extension FileChange {
  /// How many lines around a change are kept, as diff(1) and git do it.
  private static let contextCount = 3

  /// The change of a text by some replacements of bytes, which are in order and don't overlap.
  init(path: String, of text: [UInt8], by changes: [GuardEdit.ByteChange], isLatin1: Bool) {
    let lines = TextLines(text)
    self.init(path: path, of: lines, by: LineReplacement.all(of: changes, in: lines))
    self.isLatin1 = isLatin1
  }

  /// The change from one text to another, found by comparing their lines.
  package init(path: String, from old: [UInt8], to new: [UInt8], isLatin1: Bool = false) {
    let lines = TextLines(old)
    self.init(path: path, of: lines, by: LineReplacement.all(from: lines, to: TextLines(new)))
    self.isLatin1 = isLatin1
  }

  private init(path: String, of lines: TextLines, by replacements: [LineReplacement]) {
    self.init(path: path, hunks: [])
    var end = 0
    var isOpen = false
    for (index, replacement) in replacements.enumerated() {
      let from = isOpen ? end : max(end, replacement.lines.lowerBound - Self.contextCount)
      if !isOpen { hunks.append(Hunk(startLine: from + 1, lines: [])) }
      var added = (from..<replacement.lines.lowerBound).map { Line.kept(lines.text($0)) }
      added += replacement.lines.map { .removed(lines.text($0)) }
      added += replacement.replacement.map { .added(String(exactly: $0)) }
      end = replacement.lines.upperBound
      let next = index + 1 < replacements.count ? replacements[index + 1].lines.lowerBound : nil
      isOpen = next.map { $0 - end <= 2 * Self.contextCount } ?? false
      if !isOpen {
        let last = min(lines.count, end + Self.contextCount)
        added += (end..<last).map { .kept(lines.text($0)) }
        end = last
      }
      hunks[hunks.count - 1].lines += added
    }
  }
}

/// A text's lines, which end with a line feed: those of diff(1).
struct TextLines {
  let bytes: [UInt8]
  /// Where each line begins, and the text's end.
  private let starts: [Int]

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    var starts = [0]
    for (index, byte) in bytes.enumerated() where byte == 0x0a { starts.append(index + 1) }
    if starts.last != bytes.count { starts.append(bytes.count) }
    self.starts = starts
  }

  var count: Int { starts.count - 1 }

  subscript(_ line: Int) -> ArraySlice<UInt8> { bytes[starts[line]..<starts[line + 1]] }

  func text(_ line: Int) -> String { String(exactly: self[line]) }

  func offset(of line: Int) -> Int { starts[line] }

  /// The line that has an offset in it; `count` for the text's end.
  func line(at offset: Int) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if starts[middle + 1] <= offset { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

/// Whole lines that become others.
struct LineReplacement {
  /// Counted from 0.
  var lines: Range<Int>
  var replacement: [ArraySlice<UInt8>]

  /// Widens changes of bytes to whole lines.
  static func all(of changes: [GuardEdit.ByteChange], in text: TextLines) -> [LineReplacement] {
    var groups: [(lines: Range<Int>, changes: [GuardEdit.ByteChange])] = []
    for change in changes {
      let first = text.line(at: change.range.lowerBound)
      let last = text.line(at: change.range.upperBound)
      let isWhole = last == text.count || text.offset(of: last) == change.range.upperBound
      // An insertion in the middle of a line replaces the line.
      let lines = first..<max(first, isWhole ? last : last + 1)
      if let group = groups.last, group.lines.upperBound > lines.lowerBound {
        groups[groups.count - 1].lines =
          group.lines.lowerBound..<max(group.lines.upperBound, lines.upperBound)
        groups[groups.count - 1].changes.append(change)
      } else {
        groups.append((lines, [change]))
      }
    }
    return groups.compactMap { group in
      var new: [UInt8] = []
      var offset = text.offset(of: group.lines.lowerBound)
      for change in group.changes {
        new += text.bytes[offset..<change.range.lowerBound]
        new += change.replacement
        offset = change.range.upperBound
      }
      new += text.bytes[offset..<max(offset, text.offset(of: group.lines.upperBound))]
      return LineReplacement(lines: group.lines, replacement: new).narrowed(in: text)
    }
  }

  private init(lines: Range<Int>, replacement: [UInt8]) {
    self.lines = lines
    let new = TextLines(replacement)
    self.replacement = (0..<new.count).map { new[$0] }
  }

  /// Without the lines at both ends that stay as they are; nil if there are no others.
  private func narrowed(in text: TextLines) -> LineReplacement? {
    var result = self
    while let first = result.lines.first, let line = result.replacement.first, text[first] == line {
      result.lines.removeFirst()
      result.replacement.removeFirst()
    }
    while let last = result.lines.last, let line = result.replacement.last, text[last] == line {
      result.lines.removeLast()
      result.replacement.removeLast()
    }
    return result.lines.isEmpty && result.replacement.isEmpty ? nil : result
  }

  /// Finds what changes between two texts.
  static func all(from old: TextLines, to new: TextLines) -> [LineReplacement] {
    let (oldLines, newLines) = ((0..<old.count).map { old[$0] }, (0..<new.count).map { new[$0] })
    let difference = newLines.difference(from: oldLines)
    var (removed, inserted) = (Set<Int>(), Set<Int>())
    for change in difference {
      switch change {
      case .remove(let offset, _, _): removed.insert(offset)
      case .insert(let offset, _, _): inserted.insert(offset)
      }
    }
    var result: [LineReplacement] = []
    var (at, newAt) = (0, 0)
    while at < old.count || newAt < new.count {
      let (start, newStart) = (at, newAt)
      while removed.contains(at) { at += 1 }
      while inserted.contains(newAt) { newAt += 1 }
      if at > start || newAt > newStart {
        result.append(
          LineReplacement(lines: start..<at, replacement: Array(newLines[newStart..<newAt])))
      } else {
        at += 1
        newAt += 1
      }
    }
    return joined(result, in: old).compactMap { $0.narrowed(in: old) }
  }

  private init(lines: Range<Int>, replacement: [ArraySlice<UInt8>]) {
    self.lines = lines
    self.replacement = replacement
  }

  /// Joins changes with nothing but blank lines between them: a block is read as a whole.
  private static func joined(
    _ replacements: [LineReplacement], in text: TextLines
  ) -> [LineReplacement] {
    var result: [LineReplacement] = []
    for next in replacements {
      if let last = result.last {
        let between = last.lines.upperBound..<next.lines.lowerBound
        if between.allSatisfy({ text[$0].allSatisfy { $0 == 0x20 || (0x09...0x0d).contains($0) } })
        {
          result[result.count - 1].lines = last.lines.lowerBound..<next.lines.upperBound
          result[result.count - 1].replacement += between.map { text[$0] } + next.replacement
          continue
        }
      }
      result.append(next)
    }
    return result
  }
}
