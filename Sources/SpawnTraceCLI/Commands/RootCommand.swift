internal import ArgumentParser
internal import Runs

/// `spawntrace`: the commands below it, of which `run` is the default.
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
        spawntrace fix -- python runtest.py
        spawntrace replay run.sptrace.jsonl
        spawntrace triage failed-jobs/
        spawntrace diff good.jsonl bad.jsonl
        spawntrace explain ST101

      COMMON OPTIONS (spawntrace run --help has all)
        --on-cycle=report   let the run go on after a finding
        --timeout SECONDS   end it then, and report what every process waits for
        --record FILE       keep a recording, for replay, triage and diff
        --json FILE         write the report as JSON
        --report short      one line for each finding

      EXIT STATUS
        the command's own   if nothing was found; a signal that ended it, too
        112                 a finding of severity error (--finding-status changes it)
        124                 the time that --timeout gave has passed
        125                 spawntrace itself failed, or its options are wrong
        126, 127            the command can't be executed, or wasn't found
      """,
    version: Version.current,
    subcommands: [
      RunCommand.self, FixCommand.self, ReplayCommand.self, TriageCommand.self, DiffCommand.self,
      ExportCommand.self, ExplainCommand.self,
    ],
    defaultSubcommand: RunCommand.self)
}
