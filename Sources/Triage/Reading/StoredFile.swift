internal import Input

/// Where an input's bytes are.
enum StoredFile: Hashable, Sendable {
  case file(path: String)
  /// What is read once from its beginning: a FIFO, or standard input if the path is `-`.
  case pipe(path: String)
  /// A member of the archive with this path.
  case member(archive: String, ZipMember)

  /// - Parameter archives: Archives that are open already, by their paths.
  func open(in archives: [String: PositionedFile] = [:]) throws(InputError) -> any ByteSource {
    switch self {
    case .file(let path): FileRange(try PositionedFile(path: path))
    case .pipe("-"): FileSource()
    case .pipe(let path): try FileSource(path: path)
    case .member(let path, let member):
      if let archive = archives[path] {
        try member.open(in: archive)
      } else {
        try member.open(in: PositionedFile(path: path))
      }
    }
  }

  /// Opens it as a file that is read at any position: a compressed member is copied.
  func file() throws(InputError) -> PositionedFile {
    switch self {
    case .file(let path), .pipe(let path): try PositionedFile(path: path)
    case .member(let archive, let member): try member.file(in: PositionedFile(path: archive))
    }
  }

  /// Opens the archives that files are members of.
  static func archives(
    of files: some Sequence<StoredFile>
  ) throws(InputError) -> [String: PositionedFile] {
    var result: [String: PositionedFile] = [:]
    for case .member(let path, _) in files where result[path] == nil {
      result[path] = try PositionedFile(path: path)
    }
    return result
  }
}
