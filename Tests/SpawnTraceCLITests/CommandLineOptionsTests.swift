import Testing

@testable import SpawnTraceCLI

/// The words of SPAWNTRACE_OPTIONS.
struct CommandLineOptionsTests {
  @Test(
    arguments: [
      ("", []),
      ("  \t\n ", []),
      ("-v", ["-v"]),
      (" --json  r.json\t-v\n", ["--json", "r.json", "-v"]),
      ("--json 'my report.json'", ["--json", "my report.json"]),
      ("--json \"my report.json\"", ["--json", "my report.json"]),
      ("--json=my' 'report\".json\"", ["--json=my report.json"]),
      ("my\\ report.json x", ["my report.json", "x"]),
      ("'' a \"\"", ["", "a", ""]),
      ("a''b", ["ab"]),
      ("'it\"s' \"it's\"", ["it\"s", "it's"]),
      ("'a\\b'", ["a\\b"]),
      ("\"a\\\"b\\\\c\"", ["a\"b\\c"]),
      ("a\\\\b \\'", ["a\\b", "'"]),
      ("\\ ", [" "]),
      ("'not closed  ", ["not closed  "]),
      ("a \"", ["a", ""]),
      ("a\\", ["a"]),
      ("ü\u{a0}\u{1f40d} 'é è'", ["ü", "\u{1f40d}", "é è"]),
      ("$HOME `x` *", ["$HOME", "`x`", "*"]),
    ] as [(String, [String])])
  func `white space separates words; quotes and backslashes keep it`(
    text: String, expected: [String]
  ) {
    #expect(CommandLineOptions.words(of: text) == expected)
  }
}
