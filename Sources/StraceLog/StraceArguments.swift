internal import Bytes
internal import Multiprocessing
internal import TraceModel

/// The arguments of `open` and `openat`, up to the path.
struct StraceOpenArguments {
  /// The descriptor of the folder, of `openat`.
  let folder: ByteScanner?
  /// From the path on.
  private var rest: ByteScanner

  init?(_ arguments: ByteScanner, isAt: Bool) {
    rest = arguments
    guard isAt else {
      folder = nil
      return
    }
    guard let folder = rest.read(until: UInt8(ascii: ",")) else { return nil }
    self.folder = folder
    rest.skipSpaces()
  }

  /// Calls `body` with the path, and whether strace has cut it, if the file is opened in the way in which
  /// Python and the C library open what they read.
  @inline(__always)
  func withPathOfRead(_ body: (UnsafeRawBufferPointer, Bool) -> Void) {
    var rest = rest
    if let path = rest.plainQuoted() {
      if rest.hasFlagsOfRead { body(path.bytes, path.isCut) }
    } else if let path = rest.quoted(), rest.hasFlagsOfRead {
      path.bytes.withUnsafeBytes { body($0, path.isCut) }
    }
  }

  /// The folder in which relative names are looked up; empty if the log doesn't say it: it does for
  /// `3</w>` (-y), and doesn't for `3`.
  func folderPath(workingDirectory: String?) -> String {
    guard var rest = folder, !rest.starts(with: "AT_FDCWD") else { return workingDirectory ?? "" }
    guard rest.decimal() != nil, rest.skip("<") else { return "" }
    return rest.read(until: UInt8(ascii: ">")).map { String(exactly: $0.bytes) } ?? ""
  }
}

/// The arguments of `write`.
struct StraceWriteArguments {
  var descriptor: Int32
  /// From the descriptor's name on.
  private var rest: ByteScanner

  init?(_ arguments: ByteScanner) {
    rest = arguments
    guard let descriptor = rest.int32() else { return nil }
    self.descriptor = descriptor
  }

  var text: StraceString? {
    var rest = rest
    rest.skipName()
    return rest.skip(", ") ? rest.quoted() : nil
  }
}

/// The arguments of `execve` and `execveat`.
struct StraceExecArguments {
  private var path: StraceString
  /// The command line; its last word is `...` if strace has cut it.
  private var words: [String]
  private var environment: EnvironmentDigest?
  private var test: String?
  /// Whether strace has cut some of it.
  private(set) var isCut: Bool

  init?(_ arguments: ByteScanner, isAt: Bool) {
    var rest = arguments
    if isAt {
      guard rest.read(until: UInt8(ascii: ",")) != nil else { return nil }
      rest.skipSpaces()
    }
    guard let path = rest.quoted(), rest.skip(", "), let list = rest.list() else { return nil }
    self.path = path
    words = list.strings.map(\.marked) + (list.isCut ? ["..."] : [])
    isCut = path.isCut || list.isCut || list.strings.contains(where: \.isCut)
    // strace writes all of the environment with -v only.
    if rest.skip(", "), let variables = rest.list(), !variables.isCut,
      !variables.strings.contains(where: \.isCut)
    {
      let entries = variables.strings.map(\.text)
      environment = EnvironmentDigest(entries: entries)
      test = TestRunner.test(in: entries.flatMap { Array($0.utf8) + [0] })
    }
  }

  /// Makes the execution, and says whether the program is Python: only then its environment and script
  /// are of interest.
  func execution(in directory: String) -> (execution: Execution, isPython: Bool) {
    let name = path.bytes.isEmpty ? words.first ?? "" : path.text
    var execution = Execution(
      executable: name.absolutePath(in: directory), executableIdentity: nil, arguments: words,
      workingDirectory: directory)
    guard StraceProgram.isPython(execution.executable, words) else { return (execution, false) }
    execution.environment = environment
    execution.test = test
    execution.script = StraceProgram.script(words, in: directory)
    return (execution, true)
  }
}

/// The arguments of the calls that create threads.
enum StraceCloneArguments {
  static func isThread(_ arguments: ByteScanner) -> Bool {
    arguments.contains("CLONE_THREAD")
  }

  static func start(_ call: StraceCall, _ arguments: ByteScanner) -> Start.Call {
    if call == .vfork || arguments.contains("CLONE_VFORK") { return .vfork }
    return call == .clone && !arguments.contains("SIGCHLD") ? .clone : .fork
  }
}

extension ByteScanner {
  /// Whether the rest begins with exactly the flags with which Python and the C library read.
  @inline(__always)
  fileprivate var hasFlagsOfRead: Bool {
    var rest = self
    guard rest.skip(", O_RDONLY|") else { return false }
    _ = rest.skip("O_LARGEFILE|")
    return rest.skip("O_CLOEXEC") && (rest.first == UInt8(ascii: ")") || rest.first == 0x20)
  }
}
