internal import LinuxProcess
internal import Runs
internal import SystemPackage

/// Why a command can't do what it was asked to do. Every failure becomes a text and a status here.
enum CommandError: Error {
  /// The command line is wrong: the parser's message, the command whose help says more, and whether
  /// SPAWNTRACE_OPTIONS is to blame.
  case usage(String, command: String? = nil, isEnvironments: Bool = false)
  /// The process can't be split into the one that stands for the command and the tracer.
  case split(SystemCallError)
  case live(LiveRunError)
  case replay(ReplayError)
  /// The file of the JSON report can't be created.
  case report(path: String, Errno)
  /// The file of an edit can't be created.
  case fix(path: String, Errno)
  /// The file of an edit is a part of the command.
  case fixOntoCommand(path: String)
  /// `--apply` can't ask.
  case noTerminal
  /// A file that `triage` was given beside its inputs can't be read.
  case triageFile(path: String, reason: String)
  /// An exported form can't be written; no path for standard output.
  case export(path: String?, Errno)
  /// The file to be written is the one to be read.
  case exportOntoInput(path: String)

  /// The message in one line, without the program's name and without a full stop.
  var message: String {
    switch self {
    case .usage(let message, let command, let isEnvironments):
      (isEnvironments ? "in SPAWNTRACE_OPTIONS: " : "") + message
        + " (see spawntrace \(command.map { $0 + " " } ?? "")--help)"
    case .split(let error): "cannot start the command: \(error)"
    case .live(let error): error.message
    case .replay(let error): error.message
    case .report(let path, let error): "cannot write the report to \(path): \(error)"
    case .fix(let path, let error): "cannot write the edit to \(path): \(error)"
    case .fixOntoCommand(let path):
      "\(path) is a part of the command; please name another file for the diff"
    case .noTerminal: "--apply asks on the terminal, and there is none; add --yes"
    case .triageFile(let path, let reason): "cannot read \(path): \(reason)"
    case .export(let path, let error): "cannot write to \(path ?? "standard output"): \(error)"
    case .exportOntoInput(let path):
      "\(path) is the recording itself; please name another file"
    }
  }

  /// The status that spawntrace ends with.
  func status(of command: CommandKind) -> Int32 {
    switch command {
    case .run: ExitStatus.failure
    case .other: ExitStatus.trouble
    }
  }
}
