internal import Bytes
package import TraceModel

/// Changes of files as `diff -u` writes them and `git apply` reads them (git-apply(1)).
package struct UnifiedDiff {
  package let files: [FileChange]
  /// The folder that names are relative to: the repository's, else that of the run.
  private let root: String

  package init(_ files: [FileChange], root: String) {
    self.files = files
    self.root = root.hasSuffix("/") ? root : root + "/"
  }

  /// The whole text; bytes that aren't UTF-8 are kept as `String(exactly:)` does.
  package var text: String {
    files.map { file in
      header(of: file).map { $0 + "\n" }.joined()
        + zip(file.hunks, Self.headers(of: file)).map(Self.text).joined()
    }.joined()
  }

  /// The two lines that name a file.
  package func header(of file: FileChange) -> [String] {
    let name = file.path.hasPrefix(root) ? String(file.path.dropFirst(root.count)) : file.path
    return ["--- ", "+++ "].map { mark in
      mark + Self.quoted((mark == "--- " ? "a/" : "b/") + name.drop { $0 == "/" })
    }
  }

  /// The lines above the hunks.
  package static func headers(of file: FileChange) -> [String] {
    var shift = 0
    return file.hunks.map { hunk in
      let (old, new) = (hunk.lines.count { $0.isOld }, hunk.lines.count { $0.isNew })
      defer { shift += new - old }
      return "@@ -\(range(hunk.startLine, old)) +\(range(hunk.startLine + shift, new)) @@"
    }
  }

  /// An empty range begins behind the line above it.
  private static func range(_ start: Int, _ count: Int) -> String {
    count == 1 ? "\(start)" : "\(count == 0 ? start - 1 : start),\(count)"
  }

  private static func text(of hunk: FileChange.Hunk, under header: String) -> String {
    var text = header + "\n"
    for line in hunk.lines {
      text += line.mark + line.text
      if line.lacksEnd { text += "\n" + noEnd + "\n" }
    }
    return text
  }

  /// The line below a line without a line feed.
  package static let noEnd = "\\ No newline at end of file"

  /// Git's quotes, in which a name with special characters stands (git-config(1), core.quotePath).
  /// What may not be printed is in octal, and so is what could begin a command of a CI system.
  private static func quoted(_ name: String) -> String {
    let isPlain = name.unicodeScalars.allSatisfy {
      $0.isShown && $0.keptByte == nil && $0 != "\"" && $0 != "\\"
    }
    if isPlain, !name.containsBytes("##") { return name.contains(" ") ? name + "\t" : name }
    var result = "\""
    for scalar in name.unicodeScalars {
      switch scalar {
      case "\"", "\\": result += "\\\(scalar)"
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      case _ where scalar.isShown && scalar.keptByte == nil && scalar != "#":
        result.unicodeScalars.append(scalar)
      default:
        for byte in String(scalar).exactBytes { result += "\\" + byte.zeroPadded(to: 3, radix: 8) }
      }
    }
    return result + "\""
  }
}

extension FileChange.Line {
  /// What stands before the line in a diff.
  package var mark: String {
    switch self {
    case .kept: " "
    case .removed: "-"
    case .added: "+"
    }
  }

  package var lacksEnd: Bool { text.utf8.last != 0x0a }
}
