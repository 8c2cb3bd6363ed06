internal import Input
internal import Recording
internal import StraceLog
internal import SystemPackage

/// What `replay` is given to read, recognised by its content.
enum ReplayInput {
  case recording(Input)
  case strace(Input)
  case straceThreads(StraceThreadFiles)

  /// Why something is no input, a sentence without its full stop.
  struct Refusal: Error {
    var message: String
  }

  /// - Parameter paths: Not empty.
  init(_ paths: [String]) throws(Refusal) {
    if paths.count == 1 {
      let path = paths[0]
      var files = try Self.folder(path)
      if files == nil { files = try Self.missing(path) }
      if let files {
        self = .straceThreads(try Self.merged(files, named: path))
        return
      }
      try self.init(Self.open(path), path)
      return
    }
    self = .straceThreads(try Self.merged(paths, named: "them"))
  }

  private init(_ input: Input, _ path: String) throws(Refusal) {
    if input.beginning.starts(with: RecordingFormat.beginning.utf8) {
      self = .recording(input)
      return
    }
    guard !input.beginning.isEmpty else { throw Refusal(message: "\(path) is empty") }
    switch StraceRecognition(input.beginning) {
    case .trace: self = .strace(input)
    case .countTable: throw Self.table(path)
    case .none:
      throw Refusal(
        message: """
          \(path) is no recording of spawntrace (run --record FILE writes one) and no log of strace
          """)
    }
  }

  private static func open(_ path: String) throws(Refusal) -> Input {
    do throws(InputError) {
      return try Input(path == "-" ? FileSource() : FileSource(path: path))
    } catch {
      throw Refusal(message: "cannot read \(path): \(error.explanation)")
    }
  }

  private static func table(_ path: String) -> Refusal {
    Refusal(
      message: """
        \(path) is strace's table of counts (-c), which tells nothing of single calls; please trace \
        without -c
        """)
  }

  // MARK: strace -ff

  /// The logs in a folder; nil where the path is none.
  private static func folder(_ path: String) throws(Refusal) -> [String]? {
    guard let names = DirectoryListing.names(in: path) else { return nil }
    let logs = names.filter { StraceThreadFiles.thread(ofFile: $0) != nil }.sorted()
    let runs = Set(logs.map(Self.run))
    guard let first = runs.sorted().first else {
      throw Refusal(message: "\(path) is a folder without files of strace -ff (NAME.PID)")
    }
    guard runs.count == 1 else {
      throw Refusal(
        message: """
          \(path) has the logs of \(runs.count) runs; please name one: \
          spawntrace replay \(path)/\(first).*
          """)
    }
    return logs.map { path + "/" + $0 }
  }

  /// The logs NAME.PID where NAME, which strace was given, is no file itself; nil where there are none.
  private static func missing(_ path: String) throws(Refusal) -> [String]? {
    guard path != "-", !DirectoryListing.exists(path) else { return nil }
    let file = FilePath(path)
    guard let name = file.lastComponent?.string else { return nil }
    let folder = file.removingLastComponent().string
    let names = DirectoryListing.names(in: folder.isEmpty ? "." : folder) ?? []
    let logs = names.filter {
      StraceThreadFiles.thread(ofFile: $0) != nil && Self.run($0) == name
    }.sorted()
    return logs.isEmpty ? nil : logs.map { folder.isEmpty ? $0 : folder + "/" + $0 }
  }

  /// The name of a file without the thread's number.
  static func run(_ name: String) -> String {
    name.lastIndex(of: ".").map { String(name[..<$0]) } ?? name
  }

  private static func merged(
    _ paths: [String], named name: String
  ) throws(Refusal) -> StraceThreadFiles {
    var files: [Int32: String] = [:]
    var hasTrace = false
    for path in paths {
      guard let thread = StraceThreadFiles.thread(ofFile: path) else {
        throw Refusal(
          message: """
            several files are read as those of one strace -ff, and \(path) has no number of a thread \
            at its end; to read many runs, replay them one by one
            """)
      }
      if let other = files.updateValue(path, forKey: thread) {
        throw Refusal(message: "\(other) and \(path) are logs of different runs")
      }
      switch StraceRecognition(try open(path).beginning) {
      case .trace: hasTrace = true
      case .countTable: throw table(path)
      case .none: break
      }
    }
    guard hasTrace else { throw Refusal(message: "none of \(name) is a log of strace") }
    do throws(InputError) {
      return try StraceThreadFiles(files)
    } catch {
      throw Refusal(message: "cannot read \(name): \(error.explanation)")
    }
  }
}

extension InputError {
  /// For people, without a full stop.
  var explanation: String {
    switch self {
    case .system(let code): "\(Errno(rawValue: code))"
    case .damaged(let what): what
    case .torn: "the compressed file ends in the middle"
    }
  }
}
