import Bytes
import Diagnostics
import Fixing
import Reporting
import Testing
import TraceModel

/// A diff for people, of a text that may hold anything.
struct DiffTextTests {
  private static let plain = TextStyle(color: false, unicode: true)

  private func diff(_ old: String, path: String = "/w/a.py") -> DiffText {
    let bytes = old.exactBytes
    let change = FileChange(path: path, from: bytes, to: bytes + Array("last\n".utf8))
    return DiffText([change], root: "/w", style: Self.plain)
  }

  private func lines(_ diff: DiffText) -> [Substring] { diff.text.text.split(separator: "\n") }

  @Test(arguments: ["a\n", "\ta = \"é\"\n", "a::b\n", "# [a]\n", "  :: a\n", ":return: a\n"])
  func `a usual line is as it is, and can be pasted`(line: String) {
    #expect(lines(diff(line)).contains(" " + line.dropLast()))
    #expect(!diff(line).text.text.contains("note: "))
    #expect(diff(line).isHarmless)
  }

  @Test(arguments: [
    ("a = 1 # \u{1B}[2J\n", " a = 1 # \\x1b[2J"), ("a = \"\u{202E}\"\n", " a = \"\\u202e\""),
    ("a\u{9B}\u{C}b\n", " a\\x9b\\x0cb"), ("::error::a\n", " \\x3a:error::a"),
    ("a = '##vso[a.b]'\n", " a = '\\x23#vso[a.b]'"),
  ])
  func `a line that would act is escaped, and that is said`(line: String, expected: String) {
    let lines = lines(diff(line))
    #expect(lines.contains { $0 == expected }, "\(lines)")
    #expect(lines.last?.hasPrefix("note: this diff shows some characters as escapes") == true)
    #expect(!diff(line).isHarmless)
  }

  @Test func `line ends of Windows and bytes that aren't UTF-8 do nothing in a pipe`() {
    #expect(diff("a\r\n").isHarmless)
    #expect(diff(String(exactly: [0x61, 0xE9, 0x0A])).isHarmless)
    #expect(!diff(String(exactly: [0x61, 0x9B, 0x0A])).isHarmless)
  }

  @Test(arguments: [
    ("\u{1B}a.py", "\"a/\\033a.py\""), ("\u{9B}.py", "\"a/\\302\\233.py\""),
    ("##vso[a.b].py", "\"a/\\043\\043vso[a.b].py\""), ("é.py", "a/é.py"), ("#a.py", "a/#a.py"),
  ])
  func `a file's name is quoted so that git reads it and nothing acts`(name: String, shown: String)
  {
    let diff = diff("a\n", path: "/w/" + name)
    #expect(lines(diff).first == "--- \(shown)")
    #expect(diff.isHarmless)
    #expect(!diff.text.text.contains("note: "))
  }

  @Test func `the heads of a diff stay, and no other line begins a group of Buildkite`() {
    let shown = lines(diff("-- a\n"))
    #expect(shown.prefix(2) == ["--- a/a.py", "+++ b/a.py"])
    let change = FileChange(path: "/w/a.py", from: Array("-- a\n".utf8), to: Array("++ a\n".utf8))
    let text = DiffText([change], root: "/w", style: Self.plain).text.text
    #expect(text.contains("\n\\x2d-- a\n\\x2b++ a\n"))
  }
}
