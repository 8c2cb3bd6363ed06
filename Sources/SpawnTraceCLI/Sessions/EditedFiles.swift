internal import Fixing
internal import Runs
internal import TraceModel

/// The files that `fix --apply` edits: all of them, or none.
struct EditedFiles {
  private let texts: [ChangedText]

  init(_ texts: [ChangedText]) {
    self.texts = texts
  }

  /// Writes all files, and says in a few words what became of them.
  func apply() -> (text: String, hasFailed: Bool) {
    var done: [ChangedText] = []
    for text in texts {
      do throws(EditedFile.Failure) {
        try EditedFile.replace(text.original, by: text.edited, at: text.path)
        done.append(text)
      } catch {
        for other in done {
          try? EditedFile.replace(other.edited, by: other.original, at: other.path)
        }
        let reason =
          switch error {
          case .changedMeanwhile: "it has changed meanwhile"
          case .refused(let obstacle): obstacle.explanation
          case .system(let error): "\(error)"
          }
        let others = done.isEmpty ? "" : ", nor is any other file"
        return ("\(text.path.lastPathComponent) is not edited\(others): \(reason)", true)
      }
    }
    let names = done.map { String($0.path.lastPathComponent) }.joined(separator: " and ")
    return (names + (done.count == 1 ? " is edited" : " are edited"), false)
  }
}
