internal import ArgumentParser
internal import Glibc
internal import LinuxProcess

/// The command line: commands, their options, what they print and the status they end with.
package enum SpawnTrace {
  /// Runs the command line of this process and ends it.
  package static func run() -> Never {
    StandardDescriptors.secure()
    let arguments = CommandLineOptions.arguments()
    // What is touched before the fork is touched twice, and the start is mostly that: page faults.
    let front = CommandLineOptions.areToRun(arguments) ? splitOrEnd() : nil
    if let front, let command = CommandLineOptions.plainCommand(arguments) {
      run(RunSettings(command: command), front)
    }
    do {
      let command = try RootCommand.parseAsRoot(arguments)
      if let command = command as? RunCommand { run(command.settings, front ?? splitOrEnd()) }
      if let replay = command as? ReplayCommand { replay.perform() }
      if let export = command as? ExportCommand { export.perform() }
      // What is left says something and ends: help, a completion script.
      var other = command
      try other.run()
      exit(0)
    } catch {
      leave(error)
    }
  }

  private static func run(_ settings: RunSettings, _ front: Front) -> Never {
    RunSession(settings, front).runToTheEnd()
  }

  private static func splitOrEnd() -> Front {
    do {
      return try Front.split()
    } catch {
      StandardError.say("cannot start the command: \(error)")
      exit(ExitStatus.failure)
    }
  }

  /// Help and version go to standard output and are no failure; all else is a wrong command line.
  private static func leave(_ error: any Error) -> Never {
    guard RootCommand.exitCode(for: error) == .success else {
      StandardError.say("\(RootCommand.message(for: error)) (see spawntrace --help)")
      let first = CommandLineOptions.arguments().first ?? ""
      let isOther = CommandLineOptions.otherCommands.contains(first)
      exit(isOther ? ExitStatus.trouble : ExitStatus.failure)
    }
    RootCommand.exit(withError: error)
  }
}

struct RootCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "spawntrace",
    abstract: "Names the line that makes multiprocessing workers run your script again.",
    discussion: """
      spawntrace follows every process of a command and proves, while it happens, that workers \
      import an unguarded script that starts workers again.

      EXAMPLES
        spawntrace -- python runtest.py
        spawntrace --on-cycle=report --json report.json -- python -m unittest
        spawntrace -v -- tox -e py314
        spawntrace run --record run.sptrace.jsonl -- ./run-tests.sh
        spawntrace replay run.sptrace.jsonl
        spawntrace explain ST101

      EXIT STATUS
        the command's own   where nothing was found; it dies of the command's signal, too
        112                 a finding of severity error (--finding-status changes it)
        125                 spawntrace itself failed, or its options are wrong
        126, 127            the command can't be executed, or wasn't found
      """,
    version: Version.current,
    subcommands: [
      RunCommand.self, ReplayCommand.self, ExportCommand.self, ExplainCommand.self,
    ],
    defaultSubcommand: RunCommand.self)
}
