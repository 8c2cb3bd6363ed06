import Testing
import TraceModel

@testable import Tracer

struct SourceExcerptTests {
  private func excerpt(_ text: String, _ line: Int) -> SourceExcerpt? {
    SourceReader.excerpt(Array(text.utf8), line: line)
  }

  private let program = """
    import multiprocessing

    # A comment at the margin.
    try:
        process.start()
    # Another one.

    except OSError:
        pass
    result = run(
        1,
    )
    @decorated
    def main():
        return 1
    """

  @Test(
    arguments: [
      (1, "import multiprocessing", nil, nil),
      (2, "", 1, "import multiprocessing"),
      (3, "# A comment at the margin.", 1, "import multiprocessing"),
      (4, "try:", nil, nil),
      (5, "    process.start()", 4, "try:"),
      (6, "# Another one.", 4, "try:"),
      (8, "except OSError:", 4, "try:"),
      (9, "    pass", 4, "try:"),
      (10, "result = run(", nil, nil),
      (11, "    1,", 10, "result = run("),
      (12, ")", 10, "result = run("),
      (13, "@decorated", nil, nil),
      (14, "def main():", 13, "@decorated"),
      (15, "    return 1", 14, "def main():"),
    ] as [(Int, String, Int?, String?)])
  func `the line, and the top-level statement around it`(
    number: Int, line: String, first: Int?, statement: String?
  ) throws {
    let found = try #require(excerpt(program, number))
    #expect(found.line == line)
    #expect(found.statement?.number == first)
    #expect(found.statement?.line == statement)
  }

  @Test(arguments: [-1, 0, 16, 17, .max, .min])
  func `lines that aren't there`(number: Int) {
    #expect(excerpt(program, number) == nil)
    #expect(excerpt("", number) == nil)
  }

  @Test(arguments: [
    ("else:", false), ("elif(x):", false), ("finally:", false), ("except* E:", false),
    ("except(A, B):", false), ("except:", false), ("else", false),
    ("elsewhere = 1", true), ("elif_ = 1", true), ("exception()", true), ("finally_()", true),
    ("else_()", true), ("pass", true), ("\"text\"", true), ("]", false), ("}", false),
    ("\\", false), ("\tx", false), ("\u{c}", false), ("été = 1", true),
  ])
  func `clauses continue a statement; names that begin like them don't`(line: String, begins: Bool)
    throws
  {
    let found = try #require(excerpt("first = 1\n\(line)\n", 2))
    #expect((found.statement == nil) == begins)
    #expect(found.line == line)
  }

  @Test func `lines that end with CR LF are returned without both`() throws {
    let found = try #require(excerpt("with x:\r\n    y()\r\nz()\r\n", 2))
    #expect(found == SourceExcerpt(line: "    y()", statement: .init(number: 1, line: "with x:")))
  }

  @Test func `a last line without a line feed, and no line after a line feed`() {
    #expect(excerpt("a\nb", 2)?.line == "b")
    #expect(excerpt("a\nb\n", 3) == nil)
    #expect(excerpt("\n\n", 2) == SourceExcerpt(line: ""))
  }

  @Test func `an indented first line has no statement`() {
    #expect(excerpt("    a\n    b\n", 2) == SourceExcerpt(line: "    b"))
  }

  @Test func `an overlong line is cut, and so is its statement's`() throws {
    let long = "x = " + String(repeating: "y", count: 2000)
    let found = try #require(excerpt("\(long)\n    \(long)\n", 2))
    #expect(found.line.utf8.count == 500)
    #expect(found.statement?.line.utf8.count == 500)
    #expect(long.hasPrefix(try #require(found.statement?.line)))
  }

  @Test func `bytes that aren't UTF-8 don't hide the others`() {
    #expect(SourceReader.excerpt([0x61, 0xff, 0x62, 0x0a, 0x63], line: 1)?.line == "a\u{fffd}b")
    #expect(SourceReader.excerpt([0x61, 0xff, 0x62, 0x0a, 0x63], line: 2)?.line == "c")
  }

  @Test func `lines that name a start method in a call which chooses it`() {
    let text = """
      import multiprocessing as mp
      # mp.set_start_method("fork")
      if True:
          mp.set_start_method('spawn', force=True)
      mp.get_context(name)
      context = mp.get_context("forkserver")  # "why"
      other = ssl.get_context("tls")
      """
    #expect(
      SourceReader.methodLines(Array(text.utf8)) == [
        .init(number: 4, line: "mp.set_start_method('spawn', force=True)"),
        .init(number: 6, line: "context = mp.get_context(\"forkserver\")  # \"why\""),
      ])
    #expect(SourceReader.methodLines(Array("get_context('spawn')\n".utf8)).count == 1)
    #expect(
      SourceReader.methodLines(Array(String(repeating: "get_context('fork')\n", count: 9).utf8))
        .count
        == SourceExcerpt.methodLineLimit)
  }
}
