import TestSupport
import Testing

/// The options that the environment adds.
struct OptionsVariableTests {
  private let folder: ScratchFolder

  init() throws {
    folder = try ScratchFolder()
    try folder.write("old", "precious\n")
  }

  @Test(arguments: [
    ("echo hi", ["--", "true"], "echo is not an option"),
    ("-- echo hi", ["--", "true"], "-- is not an option"),
    ("--", ["true"], "-- is not an option"),
    ("-v -- ", ["true"], "-- is not an option"),
    ("--report none echo", ["true"], "echo is not an option"),
    ("--report none", ["--json"], "Missing value for '--json"),
    ("--timeout", ["5", "true"], "--timeout"),
    ("--json", ["old", "true"], "--json"),
    ("fix --write x", ["true"], "fix is not an option"),
    ("echo", ["fix", "--", "true"], "echo is not an option"),
    ("''", ["true"], " is not an option"),
    ("triage", ["--", "true"], "triage is not an option"),
    ("triage --json old", ["--", "true"], "triage is not an option"),
    ("replay old", ["run", "--", "true"], "replay is not an option"),
    ("explain", ["true"], "explain is not an option"),
    ("--help", ["--", "true"], "it asks for a text"),
    ("--version", ["run", "true"], "unknown option --version"),
    ("--generate-completion-script=bash", ["--", "true"], "it asks for a text"),
  ])
  func `SPAWNTRACE_OPTIONS holds options and no command`(
    options: String, arguments: [String], message: String
  ) throws {
    let outcome = try Traced.run(
      arguments: arguments, in: folder.path, environment: ["SPAWNTRACE_OPTIONS": options])
    #expect(outcome.ending == "status 125")
    #expect(outcome.standardError.contains(message), "\(outcome.standardError)")
    if arguments != ["--json"] {
      #expect(
        outcome.standardError.contains("in SPAWNTRACE_OPTIONS: "), "\(outcome.standardError)")
    }
    #expect(folder.read("old") == "precious\n")
  }

  @Test(arguments: ["", "  ", "--report none", "--json 'a b' -v", "--timeout=30 --on-cycle report"])
  func `options of SPAWNTRACE_OPTIONS and a command of the command line`(options: String) throws {
    for arguments in [["--", "echo", "x"], ["echo", "x"], ["run", "-v", "--", "echo", "x"]] {
      let outcome = try Traced.run(
        arguments: arguments, in: folder.path, environment: ["SPAWNTRACE_OPTIONS": options])
      #expect(outcome.ending == "status 0" && outcome.standardOutput == "x\n")
    }
  }
}
