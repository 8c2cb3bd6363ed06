internal import Input
internal import Recording
internal import StraceLog
internal import SystemPackage

/// What a run is read from, recognised by its content.
enum ReplaySource {
  case recording(Input)
  case log(LogSource)

  /// Opens what `paths` name: a file, `-` for standard input, a folder with the files of `strace
  /// -ff`, the name that strace was given with `-ff`, or these files themselves.
  ///
  /// - Parameter paths: Not empty.
  init(_ paths: [String], _ limit: UnpackLimit) throws(ReplayError) {
    guard paths.count == 1 else {
      self = .log(.threads(try Self.merged(paths, named: "them", limit)))
      return
    }
    let path = paths[0]
    var files = try Self.folder(path)
    if files == nil { files = Self.files(named: path) }
    if let files {
      self = .log(.threads(try Self.merged(files, named: path, limit)))
    } else {
      try self.init(Self.open(path, limit), path)
    }
  }

  /// Recognises an input by its first bytes.
  init(_ input: Input, _ path: String) throws(ReplayError) {
    if input.beginning.starts(with: RecordingFormat.beginning.utf8) {
      self = .recording(input)
      return
    }
    guard !input.beginning.isEmpty else { throw .empty(path: path) }
    switch StraceRecognition(input.beginning) {
    case .trace: self = .log(.file(input))
    case .countTable: throw .countTable(path: path)
    case .none: throw .unrecognised(path: path)
    }
  }

  private static func open(
    _ path: String, _ limit: UnpackLimit
  ) throws(ReplayError) -> Input {
    do throws(InputError) {
      return try Input(path == "-" ? FileSource() : FileSource(path: path), limit)
    } catch {
      throw .unreadable(path: path, error)
    }
  }

  // MARK: strace -ff

  /// Returns the logs in a folder; nil if the path isn't a folder.
  private static func folder(_ path: String) throws(ReplayError) -> [String]? {
    guard let names = DirectoryListing.names(in: path) else { return nil }
    let logs = names.filter { StraceThreadFiles.thread(ofFile: $0) != nil }.sorted()
    let runs = Set(logs.map(LogSource.run(ofFile:)))
    guard let first = runs.sorted().first else { throw .folderWithoutLogs(path: path) }
    guard runs.count == 1 else {
      throw .severalRuns(path: path, count: runs.count, first: first)
    }
    return logs.map { path + "/" + $0 }
  }

  /// Returns the logs NAME.PID if strace was given NAME and no file has that name itself; nil if
  /// there are none.
  private static func files(named path: String) -> [String]? {
    guard path != "-", !DirectoryListing.exists(path) else { return nil }
    let file = FilePath(path)
    guard let name = file.lastComponent?.string else { return nil }
    let folder = file.removingLastComponent().string
    let names = DirectoryListing.names(in: folder.isEmpty ? "." : folder) ?? []
    let logs = names.filter {
      StraceThreadFiles.thread(ofFile: $0) != nil && LogSource.run(ofFile: $0) == name
    }.sorted()
    return logs.isEmpty ? nil : logs.map { folder.isEmpty ? $0 : folder + "/" + $0 }
  }

  private static func merged(
    _ paths: [String], named name: String, _ limit: UnpackLimit
  ) throws(ReplayError) -> StraceThreadFiles {
    var files: [Int32: String] = [:]
    var hasTrace = false
    for path in paths {
      guard let thread = StraceThreadFiles.thread(ofFile: path) else {
        throw .noThreadNumber(path: path)
      }
      if let other = files.updateValue(path, forKey: thread) { throw .differentRuns(other, path) }
      switch StraceRecognition(try open(path, limit).beginning) {
      case .trace: hasTrace = true
      case .countTable: throw .countTable(path: path)
      case .none: break
      }
    }
    guard hasTrace else { throw .noLogs(name: name) }
    do throws(InputError) {
      return try StraceThreadFiles(files)
    } catch {
      throw .unreadable(path: name, error)
    }
  }
}
