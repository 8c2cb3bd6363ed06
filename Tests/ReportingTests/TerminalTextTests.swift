import Analysis
import Reporting
import Testing

/// Text from outside on a terminal, or in the log of a CI job.
struct TerminalTextTests {
  private func printed(_ line: String) -> String {
    TerminalText(lines: [line], unicode: true).line
  }

  @Test(arguments: [
    // GitHub: at the beginning of a line, behind white space.
    ("::error file=a.py::text", "\\x3a:error file=a.py::text"),
    ("  ::add-mask::text", "  \\x3a:add-mask::text"),
    ("\u{3000}::error::text", "\u{3000}\\x3a:error::text"),
    ("\t::error::text", "    \\x3a:error::text"),
    ("\u{200D}::error::text", "\u{200D}\\x3a:error::text"),
    (":\u{200D}:error::text", "\\x3a\u{200D}:error::text"),
    // GitHub and Azure: anywhere in a line.
    ("a ##[error]text", "a \\x23#[error]text"), ("###[error]text", "#\\x23#[error]text"),
    ("a ##vso[task.complete]", "a \\x23#vso[task.complete]"),
    ("#\u{200D}#vso[task.complete]", "\\x23\u{200D}#vso[task.complete]"),
    ("a ##teamcity[buildStop]", "a \\x23#teamcity[buildStop]"),
    // GitLab and Travis.
    ("a section_start:1:b", "a \\x73ection_start:1:b"), ("section_end:1:b", "\\x73ection_end:1:b"),
    ("travis_fold:start:b", "\\x74ravis_fold:start:b"),
    // Buildkite: at the beginning of a line.
    ("--- a", "\\x2d-- a"), ("+++ a", "\\x2b++ a"), ("~~~ a", "\\x7e~~ a"),
    ("^^^ +++", "\\x5e^^ +++"),
    ("---", "\\x2d--"),
  ])
  func `the beginning of a CI system's command is escaped`(line: String, expected: String) {
    #expect(printed(line) == expected)
  }

  @Test(arguments: [
    "a::b::c", "std::vector", "::", ":: a", "a ::error::b", "# [a]", "## a [b]", "a[0] # b",
    " --- a",
    "----", "---a", "-- a", "section 1", "intersections: a", "é…─中",
  ])
  func `text that is no command stays`(line: String) {
    #expect(printed(line) == line)
  }

  @Test func `a line stays one line, and no character moves, hides or reorders another`() {
    let evil = "\u{1B}[31m\u{1B}]0;t\u{7}\u{9B}1m\r\n\u{85}\u{2028}\u{202E}\u{2066}\u{FEFF}\u{7F}"
    #expect(
      printed(evil)
        == #"\x1b[31m\x1b]0;t\x07\x9b1m\r\n\x85\u2028\u202e\u2066\ufeff\x7f"#)
    #expect(printed(printed(evil)) == printed(evil))
  }

  @Test func `a line that a colour begins is as safe as one without`() throws {
    var report = Fixtures.seed()
    report.findings[0].culprit?.path = "::error::a.py"
    for color in [true, false] {
      let style = TextStyle(color: color, unicode: true)
      let finding = try #require(report.findings.first)
      let line = Terminal.stripped(TextReport(style: style).short(finding, in: report).line)
      #expect(line.hasPrefix("\\x3a:error::a.py:6: error[ST101]: "))
    }
  }
}
