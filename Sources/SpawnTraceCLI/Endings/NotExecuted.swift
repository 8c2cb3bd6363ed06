internal import LinuxProcess
internal import SystemPackage

/// Why the command could not be executed, and what was probably meant.
struct NotExecuted {
  let command: [String]
  let error: Errno

  /// One line, without the program's name and without a full stop.
  var message: String {
    let name = command[0]
    let status = FileStatus(path: name)
    if status?.isDirectory == true { return "\(name): is a directory" }
    if status != nil, isPython {
      let words = command.joined(separator: " ")
      return "\(name) is a Python file and no program; put python in front: "
        + "spawntrace -- python \(words)"
    }
    guard error == .noSuchFileOrDirectory else { return "\(name): \(error)" }
    if name.contains("/") {
      return status == nil
        ? "\(name): no such file" : "\(name): the interpreter in its first line is not there"
    }
    let known = CommandLineOptions.commands + ["help"]
    let meant = Suggestion.nearest(to: name, in: known)
      .map { "; did you mean spawntrace \($0)?" }
    return "\(name): command not found" + (meant ?? "")
  }

  private var isPython: Bool {
    [".py", ".pyw"].contains { command[0].hasSuffix($0) }
  }
}
