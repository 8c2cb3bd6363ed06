internal import Bytes
import Diagnostics
import TraceModel

/// A fix as a unified diff, line by line, which `git apply` takes if no block is long.
struct FixText {
  /// The longest block that is shown as a whole.
  private let blockLimit: Int

  private let diff: UnifiedDiff
  private let style: TextStyle

  init(_ files: [FileChange], root: String, style: TextStyle, blockLimit: Int = 12) {
    diff = UnifiedDiff(files, root: root)
    self.style = style
    self.blockLimit = blockLimit
  }

  /// The diff, and a remark below it if some of its characters can't be printed.
  func lines() -> [StyledLine] {
    let lines = diffLines
    return lines.allSatisfy { $0.isPrintedAsItIs(in: style) } ? lines : lines + [remark]
  }

  /// Whether the diff's own bytes do nothing on a terminal or in the log of a CI job.
  var isHarmless: Bool {
    let style = TextStyle(color: false, unicode: true)
    return diffLines.allSatisfy { line in
      // A byte that isn't UTF-8 does nothing but where terminals of 8 bits have C1.
      let scalars = line.plainText.unicodeScalars.map {
        $0.keptByte.map { $0 >= 0xA0 } == true ? "?" : $0
      }
      var text = ""
      text.unicodeScalars.append(contentsOf: scalars)
      var plain = StyledLine(text, weight: .verbatim)
      plain.isDiffHeader = line.isDiffHeader
      return plain.isPrintedAsItIs(in: style)
    }
  }

  private var remark: StyledLine {
    StyledLine("note: ", .help).appending(
      "this diff shows some characters as escapes, so don't paste it: fix --apply makes the edit")
  }

  private var diffLines: [StyledLine] {
    diff.files.flatMap { file in
      diff.header(of: file).map(header)
        + zip(file.hunks, UnifiedDiff.headers(of: file)).flatMap { hunk, header in
          [verbatim(header, .gutter)] + lines(of: hunk)
        }
    }
  }

  private func lines(of hunk: FileChange.Hunk) -> [StyledLine] {
    var result: [StyledLine] = []
    var (removed, added): ([FileChange.Line], [FileChange.Line]) = ([], [])
    func flush() {
      result += block(removed, added)
      (removed, added) = ([], [])
    }
    for line in hunk.lines {
      switch line {
      case .kept:
        flush()
        result += shown(line)
      case .removed: removed.append(line)
      case .added: added.append(line)
      }
    }
    flush()
    return result
  }

  // MARK: Blocks

  private func block(_ removed: [FileChange.Line], _ added: [FileChange.Line]) -> [StyledLine] {
    guard removed.count > blockLimit || added.count - 2 > blockLimit else {
      return (removed + added).flatMap(shown)
    }
    guard let first = removed.first, let last = removed.last, let foot = added.last,
      let head = added.firstIndex(where: { isSame($0, first) }), isSame(foot, last),
      added.count - head >= removed.count
    else { return shortened(removed) + shortened(added) }
    return added[..<head].flatMap(shown) + shown(first) + shown(added[head])
      + [more(removed.count - 2, "lines indented", .added)] + shown(last) + shown(foot)
  }

  /// Whether two lines differ in their indentation alone.
  private func isSame(_ one: FileChange.Line, _ other: FileChange.Line) -> Bool {
    let isSpace: (Character) -> Bool = { $0 == " " || $0 == "\t" }
    return one.text.drop(while: isSpace) == other.text.drop(while: isSpace)
  }

  private func shortened(_ lines: [FileChange.Line]) -> [StyledLine] {
    guard lines.count - 2 > blockLimit, let first = lines.first, let last = lines.last else {
      return lines.flatMap(shown)
    }
    return shown(first) + [more(lines.count - 2, "lines", first.tone)] + shown(last)
  }

  private func more(_ count: Int, _ what: String, _ tone: StyledLine.Tone) -> StyledLine {
    verbatim("... \(count) \(what)", tone)
  }

  // MARK: Lines

  private func shown(_ line: FileChange.Line) -> [StyledLine] {
    var text = line.text[...]
    if text.utf8.last == 0x0a { text = text.dropLast() }
    if text.utf8.last == 0x0d { text = text.dropLast() }
    let end = line.lacksEnd ? [verbatim(UnifiedDiff.noEnd)] : []
    return [verbatim(line.mark + text, line.tone)] + end
  }

  private func verbatim(_ text: String, _ tone: StyledLine.Tone = .plain) -> StyledLine {
    StyledLine(text, tone, weight: .verbatim)
  }

  private func header(_ text: String) -> StyledLine {
    var line = verbatim(text, .strong)
    line.isDiffHeader = true
    return line
  }
}

extension FileChange.Line {
  fileprivate var tone: StyledLine.Tone {
    switch self {
    case .kept: .plain
    case .removed: .removed
    case .added: .added
    }
  }
}
