import Analysis
import Fixing
import Testing
import TraceModel

/// Which findings get which edit.
struct FixProposerTests {
  private static let path = "/w/main.py"

  private func finding(
    line: Int, source: String?, file: String = path, cycle: Finding.Cycle = .worker,
    function: String = "<module>"
  ) -> Finding {
    let excerpt = source.map { SourceExcerpt(line: $0) }
    let frame = PythonFrame(
      path: file, line: line, function: function,
      module: file == Self.path ? "__mp_main__" : "helper", source: excerpt)
    var finding = Finding(
      rule: .reexecCycle, detail: .cycle(cycle), certainty: .proven, stack: [frame], processes: [2],
      provenAt: .zero, provenByEvent: 3, fingerprint: "v2:0")
    finding.script = Script(
      path: Self.path, identity: nil, runsAs: "__mp_main__", evidence: .opened)
    finding.culprit = Analysis.SourceLocation(
      path: file, line: line, function: function, source: excerpt)
    return finding
  }

  private func fix(_ finding: Finding, _ text: String) -> ReadyFix? {
    FixProposer { $0 == Self.path ? ($0, Array(text.utf8)) : nil }.fix(for: finding)
  }

  private static let text = "import work\npool = work.Pool(2)\npool.close()\n"

  @Test func `the culprit and what needs it go under the guard`() throws {
    let ready = fix(finding(line: 2, source: "pool = work.Pool(2)"), Self.text)
    let fix = try #require(ready)
    #expect(fix.proposal.form == .guard)
    #expect(fix.proposal.doubts.isEmpty)
    #expect(fix.texts.map(\.path) == [Self.path])
    #expect(
      fix.texts.first.map { String(decoding: $0.edited, as: UTF8.self) } == """
        import work
        if __name__ == "__main__":
            pool = work.Pool(2)
            pool.close()

        """)
    let edits = fix.proposal.files.flatMap(\.edits)
    #expect(edits.map(\.startLine) == [2])
    #expect(edits.map(\.endLine) == [3])
  }

  @Test func `a text that has changed since gets no edit`() {
    #expect(fix(finding(line: 2, source: "pool = other.Pool(2)"), Self.text) == nil)
    #expect(fix(finding(line: 9, source: "pool = work.Pool(2)"), Self.text) == nil)
  }

  @Test func `a line with a secret is compared as far as it is shown`() {
    #expect(fix(finding(line: 2, source: "pool = [redacted](2)"), Self.text) != nil)
    #expect(fix(finding(line: 2, source: "poor = [redacted](2)"), Self.text) == nil)
  }

  @Test func `without its text, a file gets no edit`() {
    #expect(
      fix(finding(line: 2, source: nil, file: "/w/gone.py"), Self.text) == nil)
  }

  @Test func `a function gets no edit`() {
    #expect(fix(finding(line: 2, source: nil, function: "run"), Self.text) == nil)
  }

  @Test func `text in another encoding is given as characters, or doubted`() throws {
    func fix(_ encoding: String) -> ReadyFix? {
      let text = Array("# coding: \(encoding)\npool = Pool('".utf8) + [0xe9] + Array("')\n".utf8)
      return FixProposer { ($0, text) }.fix(for: finding(line: 2, source: "pool = Pool('"))
    }
    let latin = try #require(fix("latin-1"))
    let file = try #require(latin.proposal.files.first)
    #expect(latin.proposal.doubts.isEmpty)
    #expect(
      file.edits.map { file.characters(of: $0.replacement) }
        == ["if __name__ == \"__main__\":\n    pool = Pool('é')\n"])
    #expect(fix("cp1252")?.proposal.doubts == [.init(.encoding, name: "cp1252")])
  }

  @Test func `a frozen program calls freeze_support`() throws {
    let text = "import multiprocessing\nif __name__ == \"__main__\":\n    run()\n"
    let ready = fix(
      finding(line: 3, source: "    run()", cycle: .executable(.spawnWorker)), text)
    let fix = try #require(ready)
    #expect(fix.proposal.form == .freeze)
    #expect(
      fix.proposal.files.flatMap(\.edits).map(\.replacement)
        == ["    multiprocessing.freeze_support()\n"])
  }
}
