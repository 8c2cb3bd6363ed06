internal import TraceModel

/// What the analysis needs of a command line.
package enum NeededArguments {
  /// One for each argument of a program.
  ///
  /// - Parameter executable: The program's file with links resolved; nil for a command that a person
  ///   has typed, whose first word is needed.
  package static func all(
    of arguments: [String], executable: String?
  ) -> [NeededArgument] {
    guard let first = arguments.first else { return [] }
    let isWorker = WorkerCommand(arguments) != nil
    let program = executable.flatMap { $0.isEmpty ? nil : $0 } ?? first
    let isPython = PythonCommandLine.isInterpreter(program)
    var needs = [need(ofName: first, of: executable)]
    // A frozen program has no options of an interpreter.
    let isFrozenWorker =
      isWorker && !isPython && arguments.dropFirst().first.map(isOfWorker) == true
    if isPython || isWorker && !isFrozenWorker {
      needs += InterpreterArguments(arguments, isWorker: isWorker).needs
    }
    while needs.count < arguments.count { needs.append(.nothing) }
    if isWorker {
      for index in needs.indices where isOfWorker(arguments[index]) { needs[index] = .whole }
    }
    return needs
  }

  /// What is needed of a line of source that is all of the text of `-c` with which multiprocessing
  /// starts a process of its own; nil for other lines.
  package static func starter(_ line: String) -> String? {
    guard WorkerCommand(["python", "-c", line]) != nil, let text = StarterText(line) else {
      return nil
    }
    return text.needed
  }

  /// What is needed of the first argument, which usually names the program. It may be any text
  /// (execve(2)).
  private static func need(ofName argument: String, of executable: String?) -> NeededArgument {
    guard let executable, !executable.isEmpty else { return .whole }
    // A log has cut it.
    if argument.hasSuffix("..."), executable.hasPrefix(argument.dropLast(3)) { return .whole }
    let name = argument.lastPathComponent
    let plain = name.hasPrefix("-") ? name.dropFirst() : name
    let isName =
      plain == executable.lastPathComponent || shells.contains(String(plain))
      || PythonCommandLine.isInterpreter(argument) && PythonCommandLine.isInterpreter(executable)
    guard isName else { return .nothing }
    // A path may lead through links to the program's file, which is another path then.
    let isPath = argument.hasPrefix("/") || argument.hasPrefix("./") || argument.hasPrefix("../")
    return isPath || name.utf8.count == argument.utf8.count ? .whole : .text(String(name))
  }

  /// Names by which other programs are called: `sh` may be dash, bash or busybox.
  private static let shells: Set<String> = ["sh", "ash", "bash", "dash", "ksh", "zsh"]

  /// Whether it is one of the arguments with which multiprocessing starts a worker or a server
  /// (`spawn.get_command_line`, Lib/multiprocessing/spawn.py).
  private static func isOfWorker(_ argument: String) -> Bool {
    if flags.contains(argument) { return true }
    guard let sign = argument.firstIndex(of: "=") else { return false }
    return descriptors.contains(String(argument[..<sign]))
      && argument[argument.index(after: sign)...].utf8.allSatisfy { (0x30...0x39).contains($0) }
  }

  private static let flags: Set<String> = [
    "--multiprocessing-fork", "--billiard-fork", "--multiprocessing-resource-tracker",
    "--multiprocessing-forkserver",
  ]
  private static let descriptors: Set<String> = [
    "pipe_handle", "tracker_fd", "parent_pid", "parent_sentinel",
  ]
}
