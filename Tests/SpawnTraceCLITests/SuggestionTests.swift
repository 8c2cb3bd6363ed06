import ArgumentParser
import SystemPackage
import TestSupport
import Testing

@testable import SpawnTraceCLI

/// What somebody probably meant who has typed something else.
struct SuggestionTests {
  @Test(arguments: [
    ("triag", "triage"), ("repaly", "replay"), ("dif", "diff"), ("exprot", "export"),
    ("explian", "explain"), ("python", nil), ("true", nil), ("make", nil), ("x", nil), ("", nil),
  ])
  func `a word is taken for the nearest known one, if few letters differ`(
    word: String, meant: String?
  ) {
    #expect(Suggestion.nearest(to: word, in: CommandLineOptions.commands) == meant)
  }

  @Test(arguments: [
    ("", "", 0), ("a", "", 1), ("", "ab", 2), ("ab", "ba", 1), ("abc", "abd", 1),
    ("abcd", "acd", 1),
  ])
  func `letters are changed, added, left out or exchanged`(one: String, other: String, count: Int) {
    #expect(Suggestion.distance(one, other) == count)
  }

  @Test func `an unknown option is told with the one that was meant`() {
    for (option, meant) in [
      ("--timout", "--timeout"), ("--jsno=x", "--json"), ("--reprot", "--report"),
    ] {
      let message = #expect(throws: (any Error).self) { try RunCommand.parse([option, "--", "x"]) }
        .map { RunCommand.message(for: $0) }
      #expect(message?.contains("did you mean \(meant)?") == true, "\(message ?? "")")
    }
  }

  @Test func `why a command can't be executed, and what to do`() throws {
    let folder = try ScratchFolder()
    try folder.write("run.py", "")
    try folder.write("script", "#!/no/such/interpreter\n", isExecutable: true)
    func message(_ command: [String], _ error: Errno = .noSuchFileOrDirectory) -> String {
      NotExecuted(command: command, error: error).message
    }
    #expect(
      message([folder.file("run.py"), "-v"], .permissionDenied).hasSuffix(
        "put python in front: spawntrace -- python \(folder.file("run.py")) -v"))
    #expect(message([folder.file("script")]).hasSuffix("in its first line is not there"))
    #expect(message(["/no/such"]) == "/no/such: no such file")
    #expect(message([folder.path], .permissionDenied).hasSuffix("is a directory"))
    #expect(message(["nosuch"]) == "nosuch: command not found")
    #expect(
      message(["triag"]) == "triag: command not found; did you mean spawntrace triage?")
  }
}
