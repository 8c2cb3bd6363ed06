internal import LinuxProcess
internal import Runs

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
  case report(path: String, OutputObstacle)
  /// The file of an edit can't be created.
  case fix(path: String, OutputObstacle)
  /// A file to be written is another one, too.
  case outputs(path: String, OutputConflict)
  /// A file is a pipe that no process reads, and a signal came. Nothing was started.
  case noReader(path: String)
  /// `--apply` can't ask.
  case noTerminal
  /// A file that `triage` was given beside its inputs can't be read.
  case triageFile(path: String, reason: String)
  /// An exported form can't be written; no path for standard output.
  case export(path: String?, OutputObstacle)

  /// The message in one line, without the program's name and without a full stop.
  var message: String {
    switch self {
    case .usage(let message, let command, let isEnvironments):
      (isEnvironments ? "in SPAWNTRACE_OPTIONS: " : "") + message
        + " (see spawntrace \(command.map { $0 + " " } ?? "")--help)"
    case .split(let error): "cannot start the command: \(error)"
    case .live(let error): error.message
    case .replay(let error): error.message
    case .report(let path, let error):
      "cannot write the report to \(path): \(error.explanation)"
    case .fix(let path, let error): "cannot write the edit to \(path): \(error.explanation)"
    case .outputs(let path, let conflict): conflict.explanation(of: path)
    case .noReader(let path): "nothing was run: no process reads the pipe \(path)"
    case .noTerminal: "--apply asks on the terminal, and there is none; add --yes"
    case .triageFile(let path, let reason): "cannot read \(path): \(reason)"
    case .export(let path, let error):
      "cannot write to \(path ?? "standard output"): \(error.explanation)"
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
