internal import JSON
internal import TraceModel

// The edit for a fault that was found.
extension JSONWriter {
  mutating func fix(_ fix: ProposedFix) {
    object { writer in
      writer.member("k", "fix")
      writer.member("form", fix.form.rawValue)
      writer.member("path", fix.path)
      writer.member("line", fix.line)
      writer.key("files")
      writer.array { writer in
        for file in fix.files { writer.file(file) }
      }
      writer.key("doubts")
      writer.array { writer in
        for doubt in fix.doubts {
          writer.object { writer in
            writer.member("doubt", doubt.kind.rawValue)
            writer.member("name", ifPresent: doubt.name)
            writer.member("line", ifPresent: doubt.line)
            writer.member("path", ifPresent: doubt.path)
          }
        }
      }
    }
  }

  private mutating func file(_ file: FileChange) {
    object { writer in
      writer.member("path", file.path)
      writer.member("latin1", ifTrue: file.isLatin1)
      writer.key("hunks")
      writer.array { writer in
        for hunk in file.hunks {
          writer.object { writer in
            writer.member("line", hunk.startLine)
            writer.member("text", hunk.lines.map(\.marked))
          }
        }
      }
    }
  }
}

extension FileChange.Line {
  /// The line behind the mark that it has in a diff.
  fileprivate var marked: String {
    switch self {
    case .kept(let text): " " + text
    case .removed(let text): "-" + text
    case .added(let text): "+" + text
    }
  }
}
