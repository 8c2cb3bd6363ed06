internal import ArgumentParser

/// The option for the file of a proposed edit.
struct FixFileOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Write the edit that a finding proposes to FILE, for git apply.", valueName: "file"))
  var writeFix: String?
}
