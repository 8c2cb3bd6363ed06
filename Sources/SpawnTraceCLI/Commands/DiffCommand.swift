internal import ArgumentParser

/// `spawntrace diff`: where a bad run departs from a good one.
struct DiffCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff",
    abstract: "Tell where a bad run departs from a good one.",
    discussion: """
      GOOD and BAD are recordings (run --record) of the same program, or logs of strace; each may be \
      compressed with gzip or zstd. They may come from other checkouts, hosts and Pythons. What \
      changes by itself doesn't count: the order and number of equal workers, pids, ports, names of \
      temporary files, lines that have moved.

      The first departure that matters comes first, on standard output: another start method, a lost \
      guard, an import that starts a process, another interpreter, another command, a variable of \
      the environment, processes that are other, more or fewer, findings, exits. The rest follows by \
      weight.

      EXAMPLES
        spawntrace run --record good.jsonl -- python3.13 runtest.py
        spawntrace run --record bad.jsonl -- python3.14 runtest.py
        spawntrace diff good.jsonl bad.jsonl
        spawntrace diff --json diff.json main.sptrace.jsonl.zst branch.sptrace.jsonl.zst

      EXIT STATUS
        0   nothing differs
        1   something differs
        2   a file can't be read, or is neither a recording nor a log
      """)

  @Option(help: ArgumentHelp("Also write what differs to FILE as JSON.", valueName: "file"))
  var json: String?

  @Option(help: ArgumentHelp("When to colour the text.", valueName: "auto|always|never"))
  var color = ColorChoice.auto

  @OptionGroup var unpacking: UnpackOption

  @Argument(help: ArgumentHelp("The run that is as it should be.", valueName: "good"))
  var good: String

  @Argument(help: ArgumentHelp("The run that is not.", valueName: "bad"))
  var bad: String

  var settings: DiffSettings {
    DiffSettings(good: good, bad: bad, json: json, color: color, unpacking: unpacking.limit)
  }
}
