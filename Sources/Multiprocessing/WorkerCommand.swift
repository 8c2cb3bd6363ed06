internal import Bytes
package import TraceModel

/// What a command line says about the part that a process plays in multiprocessing, or a library
/// like it.
///
/// The forms are those of `spawn.get_command_line`, `forkserver.ensure_running` and
/// `resource_tracker.ensure_running` of CPython 2.7 to 3.15 (Lib/multiprocessing), and of multiprocess,
/// billiard and loky, which keep their shape under another package's name.
package struct WorkerCommand {
  package let role: Role
  package let startMethod: StartMethod?

  private init(_ role: Role, _ startMethod: StartMethod? = nil) {
    self.role = role
    self.startMethod = startMethod
  }

  /// nil if the command line is none of theirs.
  package init?(_ arguments: [String]) {
    // Asked for each program of a run, and most have no argument as long as the shortest sign.
    guard arguments.dropFirst().contains(where: { $0.utf8.count >= Self.shortestSign }) else {
      return nil
    }
    // A frozen program starts itself so, without `-c` (spawn.get_command_line, `frozen`).
    if arguments.count > 1, Self.flags.contains(arguments[1]),
      arguments.contains(where: { $0.hasPrefix("pipe_handle=") })
    {
      self.init(.spawnWorker, .spawn)
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
    // A shell's text may have such a command inside.
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
  /// What a log that cuts texts leaves of a worker's command (strace's default is 32 characters), with
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
