internal import ArgumentParser
internal import Glibc
internal import LinuxProcess

/// The command line: commands, their options, what they print and the status they end with.
package enum SpawnTrace {
  /// Runs the command line of this process and ends it. Only this function exits, and only here an
  /// error becomes a message and a status.
  package static func run() -> Never {
    StandardDescriptors.secure()
    let arguments = CommandLineOptions.arguments()
    var front: Front?
    var result: CommandResult
    do throws(CommandError) {
      // Memory that is touched before the fork is touched twice, and page faults are most of the
      // start.
      if CommandLineOptions.areToRun(arguments) { front = try split() }
      result = try perform(arguments, front)
    } catch {
      StandardError.say(error.message)
      let kind = CommandLineOptions.kind(of: CommandLineOptions.given)
      result = CommandResult(status: error.status(of: kind))
    }
    withExtendedLifetime((front, result)) { exit(result.status) }
  }

  private static func perform(
    _ arguments: [String], _ front: Front?
  ) throws(CommandError) -> CommandResult {
    if let front, arguments == CommandLineOptions.given,
      let command = CommandLineOptions.plainCommand(arguments)
    {
      return try RunSession(RunSettings(command: command), front).run(front)
    }
    switch try parse(arguments) {
    case .printed: return CommandResult(status: 0)
    case .command(let run as RunCommand):
      let front = try split(unless: front)
      return try RunSession(run.settings, front).run(front)
    case .command(let fix as FixCommand):
      let front = try split(unless: front)
      return try FixSession(fix.settings, front).run(front)
    case .command(let replay as ReplayCommand): return try ReplaySession(replay.settings).run()
    case .command(let triage as TriageCommand): return try TriageSession(triage.settings).run()
    case .command(let diff as DiffCommand): return try DiffSession(diff.settings).run()
    case .command(let export as ExportCommand): return try ExportSession(export.settings).run()
    case .command(var other): return try answer { try other.run() }
    }
  }

  /// Makes a process that stands for the command towards the caller, and returns in its child,
  /// which traces.
  ///
  /// - Parameter known: The front, if the process has been split already.
  private static func split(unless known: Front? = nil) throws(CommandError) -> Front {
    if let known { return known }
    do throws(SystemCallError) {
      return try Front.split()
    } catch {
      throw .split(error)
    }
  }

  // MARK: Parsing

  private enum Parsed {
    case command(any ParsableCommand)
    /// Help, the version or a completion script were asked for, and printed.
    case printed
  }

  private static func parse(_ arguments: [String]) throws(CommandError) -> Parsed {
    do {
      if arguments != CommandLineOptions.given { try checkEnvironment(arguments) }
      return .command(try RootCommand.parseAsRoot(arguments))
    } catch let error as CommandError {
      throw error
    } catch {
      do throws(CommandError) {
        try show(error)
      } catch {
        guard case .usage(let message, _, _) = error else { throw error }
        let given = CommandLineOptions.given
        throw .usage(
          message, command: CommandLineOptions.command(of: arguments),
          isEnvironments: given != arguments && (try? RootCommand.parseAsRoot(given)) != nil)
      }
      return .printed
    }
  }

  /// Checks that SPAWNTRACE_OPTIONS holds whole options of a run and nothing else: no part of a
  /// command, no other command and no request for a text, which would change what is run.
  private static func checkEnvironment(_ arguments: [String]) throws(CommandError) {
    let command = CommandLineOptions.command(of: CommandLineOptions.given)
    // A command of which everything is known.
    let known = ["--", "true"]
    let options = CommandLineOptions.ofEnvironment
    let parsed: any ParsableCommand
    do {
      parsed = try RootCommand.parseAsRoot([command ?? "run"] + options + known)
    } catch {
      let message =
        RootCommand.exitCode(for: error) == .success
        ? "it asks for a text; these are no options of a run" : RootCommand.message(for: error)
      throw .usage(message, command: command, isEnvironments: true)
    }
    let words = (parsed as? RunCommand)?.options.words ?? (parsed as? FixCommand)?.options.words
    guard words != known else { return }
    throw .usage(
      "\(words?.first ?? options[0]) is not an option; the command belongs on the command line",
      command: command, isEnvironments: true)
  }

  /// Runs a command that only prints something.
  private static func answer(_ body: () throws -> Void) throws(CommandError) -> CommandResult {
    do {
      try body()
    } catch {
      try show(error)
    }
    return CommandResult(status: 0)
  }

  /// Prints help and the like on standard output; anything else is a wrong command line.
  private static func show(_ error: any Error) throws(CommandError) {
    guard RootCommand.exitCode(for: error) == .success else {
      throw .usage(RootCommand.message(for: error))
    }
    let text = RootCommand.fullMessage(for: error)
    if !text.isEmpty { StandardOutput.print(text) }
  }
}
