package import TraceModel

/// One process of the run, from its start to its end.
package struct ProcessRecord: Hashable, Sendable {
  /// Its number in the report, from 1 in the order of appearance; never given twice.
  package var id: Int
  package var pid: ProcessID
  /// The process that made it; nil for the root.
  package var parent: Int?
  /// The logical parent: for a forkserver's worker the client, not the server.
  package var logicalParent: Int?
  package var role: Role
  /// The file that it executes, links resolved.
  package var executable: String?
  package var arguments: [String]
  package var workingDirectory: String?
  package var python: PythonVersion?
  /// The start method, if multiprocessing or a library like it started the process.
  package var startMethod: StartMethod?
  package var script: Script?
  package var startedAt: TraceTime
  package var endedAt: TraceTime?
  package var termination: Termination?
  /// The user's frames, innermost first, of the first start of a worker that it attempted.
  package var startAttempt: [PythonFrame]
  /// The script or module that it executes, with all that it begins with, if it is a Python
  /// process.
  package var scriptState: ScriptState?
  /// The place where it was asked for; nil if no stack shows it.
  package var site: StartSite?
  /// The test that asked for it, or for the process that asked for it.
  package var test: TestName?
  /// Whether the process is a worker that has not been seen to be ready, or a server of workers.
  package var isBooting = false
  /// The earlier images, oldest first, if it has executed one program after the other (a pyenv
  /// shim, `env`, `os.execv`); only the last `earlierImageLimit` of them.
  package var earlierImages: [Image]

  package static let earlierImageLimit = 20

  /// The image of one execve.
  package struct Image: Hashable, Sendable {
    package var role: Role
    package var executable: String
    package var arguments: [String]

    package init(role: Role, executable: String, arguments: [String]) {
      self.role = role
      self.executable = executable
      self.arguments = arguments
    }
  }

  package init(id: Int, pid: ProcessID, role: Role, startedAt: TraceTime) {
    self.id = id
    self.pid = pid
    self.role = role
    self.startedAt = startedAt
    self.arguments = []
    self.startAttempt = []
    self.earlierImages = []
  }
}

extension ProcessRecord {
  /// The command line as it is shown, the program's name first.
  package var commandLine: [String] {
    var arguments = arguments
    if let first = arguments.first, HiddenArgument(first) != nil, let executable {
      arguments[0] = String(executable.lastPathComponent)
    }
    return HiddenArgument.shown(arguments)
  }
}
