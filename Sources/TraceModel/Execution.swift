/// A program that a process begins to run, as it is when `execve(2)` has succeeded.
package struct Execution: Hashable, Sendable {
  /// The program's file with links resolved: `/proc/PID/exe`. For a script, its interpreter.
  package var executable: String
  /// The identity of an interpreter's file; nil if the program isn't one, or isn't known.
  package var executableIdentity: FileIdentity?
  /// The program's arguments after the kernel has put a script's interpreter in front.
  package var arguments: [String]
  package var workingDirectory: String
  /// The script that a Python interpreter's command line names to be run.
  package var script: ScriptFile?
  /// The digest of a Python interpreter's environment.
  package var environment: EnvironmentDigest?
  /// nil for most programs: events are copied often.
  private var extras: Extras?

  private final class Extras: Hashable, Sendable {
    let test: String?
    let addedVariables: [String]
    let hasInput: Bool?

    init(_ test: String?, _ addedVariables: [String], _ hasInput: Bool?) {
      self.test = test
      self.addedVariables = addedVariables
      self.hasInput = hasInput
    }

    static func == (one: Extras, other: Extras) -> Bool {
      one.test == other.test && one.addedVariables == other.addedVariables
        && one.hasInput == other.hasInput
    }

    func hash(into hasher: inout Hasher) {
      hasher.combine(test)
    }
  }

  package static let addedLimit = 8

  package init(
    executable: String, executableIdentity: FileIdentity?, arguments: [String],
    workingDirectory: String, script: ScriptFile? = nil, environment: EnvironmentDigest? = nil,
    test: String? = nil, addedVariables: [String] = [], hasInput: Bool? = nil
  ) {
    self.executable = executable
    self.executableIdentity = executableIdentity
    self.arguments = arguments
    self.workingDirectory = workingDirectory
    self.script = script
    self.environment = environment
    setExtras(test, addedVariables, hasInput)
  }

  /// The test that pytest ran when a Python interpreter was started, as the environment has it.
  package var test: String? {
    get { extras?.test }
    set { setExtras(newValue, addedVariables, hasInput) }
  }

  /// The names of variables that its environment has in addition to that of a near ancestor, or with
  /// another value, if that executes the same script; only the first `addedLimit` of them.
  package var addedVariables: [String] {
    get { extras?.addedVariables ?? [] }
    set { setExtras(test, newValue, hasInput) }
  }

  /// Whether a worker or server of multiprocessing has begun with its standard input open: then the
  /// worker opens `/dev/null` in its place when it is ready (`util._close_stdin`). nil for other
  /// programs, and if it isn't known.
  package var hasInput: Bool? { extras?.hasInput }

  private mutating func setExtras(
    _ test: String?, _ addedVariables: [String], _ hasInput: Bool?
  ) {
    let isEmpty = test == nil && addedVariables.isEmpty && hasInput == nil
    extras = isEmpty ? nil : Extras(test, addedVariables, hasInput)
  }
}

/// The file that the path in an interpreter's command line led to when the interpreter was started.
package struct ScriptFile: Hashable, Sendable {
  /// Absolute, with `.` and `..` folded and symbolic links kept, as CPython makes `__file__`.
  package var path: String
  /// nil if there is no such file.
  package var identity: FileIdentity?
  package var isDirectory: Bool

  package init(path: String, identity: FileIdentity?, isDirectory: Bool = false) {
    self.path = path
    self.identity = identity
    self.isDirectory = isDirectory
  }
}
