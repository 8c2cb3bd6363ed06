/// An input that was found and not read yet. Inputs can be read in any order, by several threads.
package struct ListedInput: Hashable, Sendable {
  /// As the user named it: a file's path behind the name of the folder that was given, and
  /// `archive.zip!member` for a member of an archive.
  package var name: String
  var origin: Origin

  /// The path of the archive that it is in; nil if it isn't in one.
  var archive: String? {
    let file: StoredFile? =
      switch origin {
      case .stored(let file), .archive(let file): file
      case .threads(let files): files.values.first
      case .unreadable: nil
      }
    guard case .member(let path, _) = file else { return nil }
    return path
  }

  enum Origin: Hashable, Sendable {
    case stored(StoredFile)
    /// An archive in an archive: its members are inputs.
    case archive(StoredFile)
    /// The files of one `strace -ff`, by the threads' numbers.
    case threads([Int32: StoredFile])
    /// It can't be read, for this reason.
    case unreadable(String)
  }
}
