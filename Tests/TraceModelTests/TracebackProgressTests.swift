import Testing
import TraceModel

struct TracebackProgressTests {
  private func take(
    _ pieces: [String], all: Bool = false, progress: inout TracebackProgress
  ) -> [String] {
    pieces.compactMap { piece in
      Array(piece.utf8).withUnsafeBytes { progress.take($0, all: all) }
        .map { String(decoding: $0, as: UTF8.self) }
    }
  }

  private func take(_ pieces: [String], all: Bool = false) -> [String] {
    var progress = TracebackProgress()
    return take(pieces, all: all, progress: &progress)
  }

  /// As CPython 3.12 writes it.
  private static let pieces = [
    "Traceback (most recent call last):\n", "  File \"/w/main.py\", line 5, in <module>\n", "    ",
    "process.start()", "\n", "    ", " ", " ", "^", "^", "^", "\n", "ValueError", ": ", "no", "\n",
  ]

  @Test("Pieces become lines, without the marks below them")
  func lines() {
    #expect(
      take(Self.pieces) == [
        "Traceback (most recent call last):\n", "  File \"/w/main.py\", line 5, in <module>\n",
        "    process.start()\n", "ValueError: no\n",
      ])
  }

  @Test("What a program says besides is nothing")
  func others() {
    #expect(take(["Tests run\n", "T", "warning: x\n", "\n"]) == [])
    #expect(take(["  File \"/w/main.py\", line 5, in <module>\n"]) == [])
  }

  @Test("Of a worker that is prepared each line is told")
  func all() {
    #expect(take(["a", "b\n", "c"], all: true) == ["ab\n"])
  }

  @Test("A traceback has an end")
  func end() {
    let many = (0..<100).map { "line \($0)\n" }
    #expect(take(Self.pieces + many).count < 20)
    #expect(take(Self.pieces + many + Self.pieces).count > 10)
  }

  @Test("A text that has it in its middle is told whole")
  func whole() {
    let text = "ERROR: test\nTraceback (most recent call last):\n  File\nValueError\n"
    #expect(take([text]) == [text])
  }

  @Test("A line without end doesn't grow")
  func limit() {
    var progress = TracebackProgress()
    let piece = String(repeating: "x", count: 4096)
    _ = take(["Traceback (most recent call last):\n"], progress: &progress)
    #expect(take(Array(repeating: piece, count: 1000), progress: &progress) == [])
    let last = take(["\n"], progress: &progress)
    #expect((last.first?.utf8.count ?? 0) <= 65_536)
  }
}
