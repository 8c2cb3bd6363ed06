import Diagnostics

/// A fix as a small diff, line by line.
struct FixText {
  private let fix: Fix
  /// The file that the report is about.
  private let path: String?
  private let sentences: SentenceLayout
  private let gutter: Gutter

  init(_ fix: Fix, of path: String?, _ sentences: SentenceLayout, _ gutter: Gutter) {
    self.fix = fix
    self.path = path
    self.sentences = sentences
    self.gutter = gutter
  }

  /// The numbers of the lines that the diff shows.
  static func numbers(_ fix: Fix) -> [Int] {
    fix.edits.flatMap { edit in
      edit.firstLine.map { first in
        (0..<max(edit.original.count, edit.replacement.count)).map { first &+ $0 }
      } ?? []
    }
  }

  func lines() -> [StyledLine] {
    fix.edits.flatMap(lines)
  }

  private func lines(of edit: Fix.Edit) -> [StyledLine] {
    var lines: [StyledLine] = []
    if case .below(let head) = edit.extent {
      lines = [fileLine(edit), gutter.numbered(nil, mark: " ", printable(head)).asHint]
    } else if edit.path != path {
      lines = [fileLine(edit)]
    }
    for (index, line) in edit.original.enumerated() {
      lines.append(
        gutter.numbered(edit.firstLine.map { $0 &+ index }, mark: "-", printable(line), .removed))
    }
    for (index, line) in edit.replacement.enumerated() {
      lines.append(
        gutter.numbered(edit.firstLine.map { $0 &+ index }, mark: "+", printable(line), .added))
    }
    if edit.extent == .firstLines {
      let indent = edit.replacement.last?.prefix { $0 == " " } ?? ""
      lines.append(gutter.numbered(nil, mark: "+", "\(indent)    ...", .added).asHint)
    }
    return lines
  }

  private func fileLine(_ edit: Fix.Edit) -> StyledLine {
    let file: Sentence = edit.path.map { "\(path: $0)" } ?? "the main script"
    return gutter.arrow(sentences.text(file, .advice))
  }

  private func printable(_ line: String) -> String {
    sentences.style.printable(line)
  }
}
