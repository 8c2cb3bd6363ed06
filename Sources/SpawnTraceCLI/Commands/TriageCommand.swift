internal import ArgumentParser

/// `spawntrace triage`: from many failed jobs to their causes.
struct TriageCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "triage",
    abstract: "Sort what failed jobs left behind by its causes.",
    discussion: """
      PATH is a file or a folder with any of these, known by their content: recordings (run \
      --record), JSON reports (--json), logs of strace (-f -o FILE, or the folder of -ff), the plain \
      logs of CI jobs, and earlier results of triage. Each may be compressed with gzip or zstd, or be \
      in a zip archive, as GitHub's logs and artefacts are; - is standard input.

      Each cause is one line on standard output, the gravest and most frequent first: where it is, \
      the rule, how many inputs show it, when, whose it is, and one of the inputs. What the text of a \
      log only says is a guess, or likely if it has a worker's whole traceback.

      The result that --json writes is an input, too: triage of the results of parts is triage of \
      everything.

      EXAMPLES
        spawntrace triage logs/
        spawntrace triage --json causes.json artefacts.zip monday/*.log
        spawntrace triage --json all.json shard-*/causes.json
        gh run view 1234567 --log-failed | spawntrace triage -
        spawntrace triage --by-owner --codeowners .github/CODEOWNERS logs/

      EXIT STATUS
        0   no cause of severity error, or no input at all
        1   a cause of severity error
        2   none of the inputs could be read, nor one that was named, or the options are wrong
      """)

  @Option(help: ArgumentHelp("Write the causes to FILE as JSON.", valueName: "file"))
  var json: String?

  @Option(
    help: ArgumentHelp(
      "Who owns which file; else CODEOWNERS, .github/CODEOWNERS, docs/CODEOWNERS or "
        + ".gitlab/CODEOWNERS.", valueName: "file"))
  var codeowners: String?

  @Option(
    help: ArgumentHelp(
      "Causes that are known: a line each, with the fingerprint, a ticket, and a note.",
      valueName: "file"))
  var known: String?

  @Flag(help: "Put the causes of one owner together.")
  var byOwner = false

  @OptionGroup var unpacking: UnpackOption

  @Argument(help: ArgumentHelp("Files and folders.", valueName: "path"))
  var paths: [String]

  var settings: TriageSettings {
    TriageSettings(
      paths: paths, json: json, owners: codeowners, known: known, isByOwner: byOwner,
      unpacking: unpacking.limit)
  }
}
