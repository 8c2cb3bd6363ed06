internal import Analysis
internal import Multiprocessing
internal import TraceModel

/// What a process is and what it does, as it is the same in another run of the same program.
struct ProcessKind: Hashable {
  /// The part of a process in the run.
  enum Family: Hashable {
    /// A worker of multiprocessing or a library like it, by whatever method.
    case worker
    /// A fork that isn't a worker.
    case fork
    /// A forkserver, which starts workers.
    case server
    case tracker
    case python
    case shell
    case other
  }

  /// What is executed.
  enum Target: Hashable {
    case script(String)
    case module(String)
    case text(String)
    case standardInput
    /// A program that isn't Python, by its name.
    case program(String)
    /// The same as its parent, or what multiprocessing gives to workers.
    case none
  }

  /// Where it was asked for: the innermost frame of the user's code.
  struct Site: Hashable {
    var path: String
    var function: String
  }

  var family: Family
  var role: Role
  var method: StartMethod?
  var target: Target
  /// The arguments behind what is executed, without what changes by itself.
  var arguments: [String]
  /// nil if no stack shows it.
  var site: Site?
  /// The text of the line that asked for it.
  var siteText: String?
  /// Whether it stands for several kinds that differ only in numbers, as of workers by their ranks.
  var isNumbered = false

  /// The same without the numbers in what is executed.
  var withoutNumbers: ProcessKind {
    var kind = self
    kind.arguments = arguments.map(ArgumentPattern.withoutNumbers)
    if case .text(let text) = target { kind.target = .text(ArgumentPattern.withoutNumbers(text)) }
    kind.isNumbered = true
    return kind
  }
}

/// Finds the kind of each process of a run.
struct ProcessKinds {
  let paths: PathNames
  private let arguments: ArgumentPattern

  init(_ run: ComparedRun, _ paths: PathNames) {
    self.paths = paths
    arguments = ArgumentPattern(
      paths, processes: Set(run.report.processes.map { $0.pid.description }))
  }

  func kind(of process: ProcessRecord) -> ProcessKind {
    let site = process.site?.callSite
    var kind = ProcessKind(
      family: family(of: process), role: process.role, method: process.startMethod, target: .none,
      arguments: [],
      site: site.map {
        .init(path: paths.name($0.path), function: FaultPlace($0, in: "/").function)
      }, siteText: site?.source.map { PythonLine.trimmed($0.line) })
    switch kind.family {
    case .worker, .fork, .server, .tracker: break
    case .python: setPython(process, &kind)
    case .shell, .other:
      let name = process.executable ?? process.arguments.first ?? ""
      kind.target = .program(String(name.lastPathComponent))
      kind.arguments = process.arguments.dropFirst().map(arguments.pattern)
    }
    return kind
  }

  private func family(of process: ProcessRecord) -> ProcessKind.Family {
    switch process.role {
    case .main, .subprocess: .python
    case .spawnWorker, .forkserverWorker: .worker
    case .forkWorker: process.site?.isOfWorker == false ? .fork : .worker
    case .forkserver: .server
    case .resourceTracker: .tracker
    case .shell: .shell
    case .other: .other
    }
  }

  private func setPython(_ process: ProcessRecord, _ kind: inout ProcessKind) {
    let line = PythonCommandLine(process.arguments)
    kind.arguments = (line.options(in: process.arguments) + line.targetArguments).map(
      arguments.pattern)
    switch line.target {
    case .script(let name):
      let path = process.script?.path ?? name.absolutePath(in: process.workingDirectory ?? "/")
      kind.target = .script(scriptName(path))
    case .module(let name): kind.target = .module(name)
    case .command(let text): kind.target = .text(arguments.pattern(text))
    case .standardInput: kind.target = .standardInput
    case .nothing:
      kind.target = .program("python")
      kind.arguments = process.arguments.dropFirst().map(arguments.pattern)
    }
  }

  /// A script that is installed beside an interpreter is the same in each installation.
  private func scriptName(_ path: String) -> String {
    let name = arguments.pattern(paths.name(path))
    guard name.hasPrefix("/") else { return name }
    let folder = name.directory
    return folder.lastPathComponent == "bin" ? String(name.lastPathComponent) : name
  }
}

extension Substring {
  fileprivate var lastPathComponent: Substring {
    utf8.lastIndex(of: UInt8(ascii: "/")).map { self[utf8.index(after: $0)...] } ?? self
  }
}
