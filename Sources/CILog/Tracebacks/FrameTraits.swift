internal import Bytes
internal import Multiprocessing
internal import TraceModel

/// What a frame of a traceback is, by its path and function alone, on every system.
struct FrameTraits: Hashable, Sendable {
  /// The path with slashes.
  var path: String
  var origin: CodeOrigin
  /// The text of `python -c`.
  var isCommandText = false
  /// `spawn_main`, a forkserver's `main`: the beginning of a worker's stack.
  var servesCommandLine = false
  var preparesMain = false
  /// `_main`, `prepare` and others between a worker's beginning and its main module.
  var leadsToMain = false
  /// runpy, or importlib, which run a module's statements.
  var runsModules = false
  /// `_run_code`, which calls nothing but a module's statements.
  var executesModule = false
  /// Another function of runpy.
  var isOfRunpy = false
  /// A file that launches processes: `popen_fork.py` and others.
  var isOfLauncher = false
  /// `_Popen` of context.py, which `start` calls.
  var asksContext = false
  var asksForProcess = false
  /// `get_preparation_data`, which calls what refuses a start.
  var collectsPreparation = false
  var refusesStart = false
  /// A frame below a worker's work: `_bootstrap`, a pool's `worker`.
  var runsWorker = false
  var isOfMultiprocessing = false
  var startMethod: StartMethod?
  var python: PythonVersion?

  /// Whether no traceback begins with it: something of the library calls it.
  var isInner: Bool {
    isOfRunpy || preparesMain || isOfLauncher || asksContext || collectsPreparation || refusesStart
      || leadsToMain && !servesCommandLine
  }

  /// - Parameter libraries: Folders of the standard library that other frames have shown.
  init(_ frame: PythonFrame, libraries: [String] = []) {
    var frame = frame
    if frame.path.utf8.contains(UInt8(ascii: "\\")) {
      frame.path = String(frame.path.map { $0 == "\\" ? "/" : $0 })
    }
    path = frame.path
    origin = Self.origin(path)
    if origin == .user, libraries.contains(where: { frame.path.hasPrefix($0) }) {
      origin = .standardLibrary
    }
    isCommandText = frame.path == "<string>" && frame.isModule
    isOfRunpy = Self.isOfRunpy(frame, origin)
    runsModules = isOfRunpy || path.contains("importlib._bootstrap")
    executesModule = runsModules && frame.function == "_run_code"
    python = PythonInPath.version(path)
    if isOfRunpy, origin == .user { origin = .standardLibrary }
    guard frame.isOfMultiprocessing, origin != .user || Self.isFileOfMultiprocessing(path) else {
      return
    }
    isOfMultiprocessing = true
    runsWorker = Self.runsWorker(path, frame.function)
    if origin == .user { origin = .standardLibrary }
    let part = LibraryFrame(frame)
    servesCommandLine = part == .servesCommandLine && !frame.isOfTracker
    preparesMain = part == .preparesMain
    asksForProcess = part == .asksForProcess
    asksContext = frame.asksContext
    isOfLauncher = path.fileNameBegins(with: "popen_")
    refusesStart = part == .refusesStart
    let isSpawn = path.ends(with: "/spawn.py")
    collectsPreparation = isSpawn && frame.function == "get_preparation_data"
    leadsToMain =
      isSpawn && ["_main", "prepare"].contains(frame.function)
      || path.ends(with: "/forkserver.py") && ["main", "_serve_one"].contains(frame.function)
    if path.ends(with: "/forking.py") { readForking(frame.function) }
    runsWorker = runsWorker || servesCommandLine || leadsToMain
    readStartMethod()
  }

  /// The folder of the standard library, with its separator, if the frame is of multiprocessing's
  /// own file there.
  var library: String? {
    guard servesCommandLine || leadsToMain || preparesMain || refusesStart,
      let range = path.ranges(of: "/multiprocessing/").last
    else { return nil }
    let folder = path[..<range.lowerBound]
    let name = folder.split(separator: "/").last?.lowercased() ?? ""
    return name == "lib" || name.hasPrefix("python") || name.hasPrefix("pypy")
      || folder.contains("/lib-python/") ? folder + "/" : nil
  }

  /// Whether a path outside of the known installations ends as a file of multiprocessing's does. A
  /// program's own folder may have the library's name, too.
  private static func isFileOfMultiprocessing(_ path: String) -> Bool {
    let parts = path.split(separator: "/").suffix(2)
    guard parts.count == 2, let folder = parts.first, let file = parts.last else { return false }
    return ["multiprocessing", "multiprocess", "billiard", "backend", "futures"].contains(folder)
      && (file.hasPrefix("popen_") || files.contains(file))
  }

  private static let files: Set<Substring> = [
    "__init__.py", "_base.py", "connection.py", "context.py", "forking.py", "forkserver.py",
    "managers.py", "pool.py", "process.py", "queues.py", "reduction.py", "resource_tracker.py",
    "spawn.py", "synchronize.py", "util.py",
  ]

  private static func runsWorker(_ path: String, _ function: String) -> Bool {
    switch function {
    case "_bootstrap", "run": path.ends(with: "/process.py")
    case "worker": path.ends(with: "/pool.py")
    case "_process_worker": true
    default: false
    }
  }

  private static func isOfRunpy(_ frame: PythonFrame, _ origin: CodeOrigin) -> Bool {
    if frame.path == "<frozen runpy>" || frame.path.ends(with: "/runpy.py") && origin != .user {
      return true
    }
    // A frozen program's.
    return frame.path == "runpy.py"
      && ["run_path", "run_module", "_run_module_code", "_run_code"].contains(frame.function)
  }

  /// Lib/multiprocessing/forking.py of Python 2.6 and 2.7, on Windows.
  private mutating func readForking(_ function: String) {
    servesCommandLine = function == "main"
    preparesMain = function == "prepare"
    refusesStart = function == "get_command_line"
    leadsToMain = servesCommandLine
    startMethod = .spawn
  }

  private mutating func readStartMethod() {
    if path.fileNameBegins(with: "popen_spawn_") {
      startMethod = .spawn
    } else if path.fileNameBegins(with: "popen_forkserver.")
      || path.fileNameBegins(with: "forkserver.")
    {
      startMethod = .forkserver
    } else if path.fileNameBegins(with: "popen_loky") {
      startMethod = .loky
    }
  }

  /// Where code comes from. `CodeOrigin` knows the folders of Linux and macOS.
  private static func origin(_ path: String) -> CodeOrigin {
    let known = CodeOrigin(path: path)
    guard known == .user else { return known }
    let folders = path.lowercased().split(separator: "/", omittingEmptySubsequences: true)
    guard folders.count > 1 else { return .user }
    let isOfWindows = folders[0].hasSuffix(":") || path.hasPrefix("//")
    if folders.contains("site-packages") || folders.contains("dist-packages") { return .package }
    for index in folders.indices.dropLast()
    where isOfWindows && folders[index] == "lib" && index > 0 {
      if isInstallation(folders[..<index]) { return .standardLibrary }
    }
    return .user
  }

  /// Whether a Windows installation of Python ends these folders: `Python312`, `Python312-32`,
  /// `Python/3.12.1/x64`, `Anaconda3`, `miniconda3/envs/NAME`, `py37_64`.
  private static func isInstallation(_ folders: ArraySlice<Substring>) -> Bool {
    guard let last = folders.last else { return false }
    let isNumbered = last.hasPrefix("python") && last.dropFirst(6).first?.isNumber == true
    if isNumbered || last.hasPrefix("pythonsoftwarefoundation") || last.hasSuffix("conda3")
      || last.hasSuffix("conda") || last.hasSuffix("conda2") || last.hasPrefix("miniforge")
      || last.hasPrefix("mambaforge")
    {
      return true
    }
    if folders.dropLast().last == "envs" { return true }
    let rest = folders.suffix(3)
    return ["x64", "x86", "arm64"].contains(last) && rest.first == "python"
      || rest.dropFirst().first == "python" && last.first?.isNumber == true
  }
}
