internal import JSON
internal import TraceModel

// The edit for a fault that was found.
extension ProposedFix {
  /// nil if something is missing, or unknown.
  init?(_ value: JSONValue) {
    guard let form = value.member("form")?.text.flatMap(Form.init),
      let path = value.member("path")?.text,
      let line: Int = value.member("line")?.integer()
    else { return nil }
    guard let files = value.member("files")?.map(FileChange.init) else { return nil }
    let doubts = value.member("doubts")?.map(Doubt.init)
    self.init(form, path: path, line: line, files: files, doubts: doubts ?? [])
  }
}

extension ProposedFix.Doubt {
  fileprivate init(_ value: JSONValue) {
    // What a later version doubts is a doubt, too.
    let kind = value.member("doubt")?.text.flatMap(Kind.init) ?? .other
    self.init(
      kind, name: value.member("name")?.text, line: value.member("line")?.integer(),
      path: value.member("path")?.text)
  }
}

extension FileChange {
  fileprivate init?(_ value: JSONValue) {
    // A diff of it must change the file that it names.
    guard let path = value.member("path")?.text, path.hasPrefix("/"),
      !path.split(separator: "/").contains(".."),
      let hunks = value.member("hunks")?.map(Hunk.init)
    else { return nil }
    self.init(path: path, hunks: hunks, isLatin1: value.member("latin1")?.boolean ?? false)
  }
}

extension FileChange.Hunk {
  fileprivate init?(_ value: JSONValue) {
    guard let line: Int = value.member("line")?.integer(), line > 0, line < 1 << 40,
      let lines = value.member("text")?.map({ $0.text.flatMap(FileChange.Line.init(marked:)) })
    else { return nil }
    self.init(startLine: line, lines: lines)
  }
}

extension FileChange.Line {
  fileprivate init?(marked text: String) {
    let rest = String(text.unicodeScalars.dropFirst())
    // Another line would be one of the diff's own.
    guard !rest.utf8.dropLast().contains(0x0a) else { return nil }
    switch text.unicodeScalars.first {
    case " ": self = .kept(rest)
    case "-": self = .removed(rest)
    case "+": self = .added(rest)
    default: return nil
    }
  }
}
