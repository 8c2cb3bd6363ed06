internal import Bytes
package import TraceModel

/// The part of a process in multiprocessing, or in a library like it, as its command line says it.
///
/// The forms are those of `spawn.get_command_line`, `forkserver.ensure_running` and
/// `resource_tracker.ensure_running` of CPython 2.7 to 3.15 (Lib/multiprocessing), and of
/// multiprocess, billiard and loky, which keep their shape under another package's name.
package struct WorkerCommand {
  package let role: Role
  package let startMethod: StartMethod?

  private init(_ role: Role, _ startMethod: StartMethod? = nil) {
    self.role = role
    self.startMethod = startMethod
  }

  /// nil if the command line has none of these forms.
  package init?(_ arguments: [String]) {
    // Runs for each program, and most have no argument as long as the shortest sign.
    guard arguments.dropFirst().contains(where: { $0.utf8.count >= Self.shortestSign }) else {
      return nil
    }
    // A frozen program starts itself in this way, without `-c` (spawn.get_command_line, `frozen`).
    if arguments.count > 1, Self.flags.contains(arguments[1]),
      arguments.contains(where: { $0.hasPrefix("pipe_handle=") })
    {
      self.init(.spawnWorker, .spawn)
      return
    }
    // Nuitka's programs start their server and their tracker in this way.
    if arguments.contains("--multiprocessing-resource-tracker") {
      self.init(.resourceTracker)
      return
    }
    if arguments.contains("--multiprocessing-forkserver") {
      self.init(.forkserver)
      return
    }
    let line = PythonCommandLine(arguments)
    switch line.target {
    case .command where line.targetArguments.first.map(Self.flags.contains) == true:
      self.init(.spawnWorker, .spawn)
    case .command(let text): self.init(command: text)
    case .module(let name) where name.hasSuffix("loky.backend.popen_loky_posix"):
      self.init(.spawnWorker, .loky)
    default: return nil
    }
  }

  private static let flags: Set<String> = ["--multiprocessing-fork", "--billiard-fork"]
  private static let shortestSign = "--billiard-fork".utf8.count

  private init?(command text: String) {
    // The text of a shell may contain such a command.
    guard text.hasPrefix("from ") || text.hasPrefix("import sys; from ") else { return nil }
    if let role = Self.role(ofCut: text) {
      self.init(role, role == .spawnWorker ? .spawn : nil)
    } else if text.containsBytes(".spawn import spawn_main") {
      self.init(.spawnWorker, .spawn)
    } else if text.containsBytes(".forkserver import main") {
      self.init(.forkserver)
    } else if text.containsBytes(".resource_tracker import main")
      || text.containsBytes(".semaphore_tracker import main")
    {
      self.init(.resourceTracker)
    } else {
      return nil
    }
  }
}

extension WorkerCommand {
  /// The role by a worker's command that a log has cut (strace's default is 32 characters), with
  /// the dots behind it; nil for others.
  private static func role(ofCut text: String) -> Role? {
    guard text.utf8.count >= 32, text.ends(with: "...") else { return nil }
    let beginning = text.dropLast(3)
    return [
      ("from multiprocessing.spawn import spawn_main", Role.spawnWorker),
      ("from multiprocessing.forkserver import main", .forkserver),
      ("from multiprocessing.resource_tracker import main", .resourceTracker),
      ("from multiprocessing.semaphore_tracker import main", .resourceTracker),
    ].first { $0.0.hasPrefix(beginning) }?.1
  }
}
