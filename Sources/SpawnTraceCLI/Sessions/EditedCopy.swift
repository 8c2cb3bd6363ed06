internal import Fixing
internal import LinuxProcess
internal import Runs
internal import TraceModel

/// A copy of the folder that a command runs in, with edited files, for machines on which the command
/// can't be shown edited texts in the place of the files.
struct EditedCopy {
  /// Larger folders aren't copied.
  private static let limit = 256 << 20

  private let copy: FolderCopy
  private let folder: String

  /// nil if a file lies outside of the folder, or it can't be copied.
  init?(of folder: String, _ texts: [ChangedText]) {
    guard folder != "/", texts.allSatisfy({ $0.path.hasPrefix(folder + "/") }),
      let copy = FolderCopy(of: folder, atMost: Self.limit)
    else { return nil }
    self.copy = copy
    self.folder = folder
    for text in texts {
      let path = copy.path + text.path.dropFirst(folder.count)
      do throws(EditedFile.Failure) {
        try EditedFile.replace(text.original, by: text.edited, at: path)
      } catch {
        return nil
      }
    }
  }

  /// The command with the copy's folder in the place of the folder, wherever an argument begins
  /// with that.
  func command(_ words: [String]) -> [String] {
    words.map { word in
      word.hasPrefix(folder + "/") ? copy.path + word.dropFirst(folder.count) : word
    }
  }

  /// Calls `body` in the copy's folder; nil if that can't be entered.
  func entered<Result, Failure>(
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result? {
    guard OwnProcess.enter(copy.path) else { return nil }
    defer { _ = OwnProcess.enter(folder) }
    return try body()
  }
}
