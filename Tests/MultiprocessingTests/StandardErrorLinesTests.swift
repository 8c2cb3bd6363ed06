import Testing
import TraceModel

@testable import Multiprocessing

struct StandardErrorLinesTests {
  private static let main = state(["python", "main.py"])
  private static let worker = state([
    "python", "-c", "from multiprocessing.spawn import spawn_main; spawn_main(pipe_handle=8)",
    "--multiprocessing-fork",
  ])

  private static func state(_ arguments: [String]) -> ProcessState {
    var state = ProcessState()
    state.executed(Program(executable: "/usr/bin/python3.12"), WorkerCommand(arguments))
    return state
  }

  private func write(
    _ pieces: [String], by state: ProcessState = main, _ lines: inout StandardErrorLines
  ) -> [StandardErrorLines.Worth] {
    pieces.compactMap { piece in
      Array(piece.utf8).withUnsafeBytes { lines.write($0, by: state) }
    }
  }

  private func write(_ pieces: [String], by state: ProcessState = main) -> [String] {
    var lines = StandardErrorLines()
    return write(pieces, by: state, &lines).map { String(decoding: $0.text, as: UTF8.self) }
  }

  /// As CPython 3.12 writes it.
  private static let pieces = [
    "Traceback (most recent call last):\n", "  File \"/w/main.py\", line 5, in <module>\n", "    ",
    "process.start()", "\n", "    ", " ", " ", "^", "^", "^", "\n", "ValueError", ": ", "no", "\n",
  ]

  @Test func `pieces become lines, without the marks below them`() {
    #expect(
      write(Self.pieces) == [
        "Traceback (most recent call last):\n", "  File \"/w/main.py\", line 5, in <module>\n",
        "    process.start()\n", "ValueError: no\n",
      ])
  }

  @Test func `other text of a program is no event`() {
    #expect(write(["Tests run\n", "T", "warning: x\n", "\n"]) == [])
    #expect(write(["  File \"/w/main.py\", line 5, in <module>\n"]) == [])
  }

  @Test func `each line of a worker in its boot window is an event`() {
    #expect(write(["a", "b\n", "c"], by: Self.worker) == ["ab\n"])
  }

  @Test func `a worker that logs without end has a bounded number of events`() {
    var lines = StandardErrorLines()
    let worths = write(
      (0..<100_000).map { "log line \($0)\n" }, by: Self.worker, &lines)
    #expect((1...200).contains(worths.count))
    #expect(!worths.contains { !$0.wantsStack })
  }

  @Test func `the message of a refused start is an event, however much was logged before`() {
    var lines = StandardErrorLines()
    _ = write((0..<100_000).map { "log line \($0)\n" }, by: Self.worker, &lines)
    let message = "  An attempt has been made to start a new process before the\n"
    #expect(write([message], by: Self.worker, &lines).map(\.text) == [Array(message.utf8)])
  }

  @Test func `a traceback has an end`() {
    let many = (0..<100).map { "line \($0)\n" }
    #expect(write(Self.pieces + many).count < 20)
    #expect(write(Self.pieces + many + Self.pieces).count > 10)
  }

  @Test func `text with a traceback in its middle is one event`() {
    let text = "ERROR: test\nTraceback (most recent call last):\n  File\nValueError\n"
    #expect(write([text]) == [text])
  }

  @Test func `a line without end does not grow`() {
    var lines = StandardErrorLines()
    let piece = String(repeating: "x", count: 4096)
    _ = write(["Traceback (most recent call last):\n"], &lines)
    #expect(write(Array(repeating: piece, count: 1000), &lines).isEmpty)
    let last = write(["\n"], &lines)
    #expect((last.first?.text.count ?? 0) <= 65_536)
  }

  @Test func `only the head of a worker's traceback wants a stack, and the main program's none`() {
    var lines = StandardErrorLines()
    #expect(write(Self.pieces, &lines).map(\.wantsStack) == [false, false, false, false])
    let ready = {
      var state = Self.worker
      state.opened(.endOfBoot)
      return state
    }()
    lines = StandardErrorLines()
    #expect(write(Self.pieces, by: ready, &lines).map(\.wantsStack) == [true, false, false, false])
  }
}
