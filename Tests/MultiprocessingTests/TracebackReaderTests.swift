import Testing
import TraceModel

@testable import Multiprocessing

struct TracebackReaderTests {
  private static let text = """
    Traceback (most recent call last):
      File "/w/main.py", line 9, in <module>
        work(1)
      File "/w/main.py", line 5, in work
        raise ValueError("no")
        ~~~~~^^^^^^^^^^
    ValueError: no

    """

  /// Reads a text in pieces of a size, to the end.
  private func read(_ text: String, size: Int) -> (reader: TracebackReader, chains: [[Traceback]]) {
    var reader = TracebackReader()
    var chains: [[Traceback]] = []
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      chains.append(reader.read(String(decoding: rest.prefix(size), as: UTF8.self)))
      rest = rest.dropFirst(size)
    }
    chains.append(reader.finish())
    return (reader, chains.filter { !$0.isEmpty })
  }

  @Test(arguments: [1, 2, 7, 40, 10_000]) func `pieces of any size give the same`(size: Int) throws
  {
    let (reader, chains) = read(Self.text + "done\n", size: size)
    let traceback = try #require(chains.first?.first)
    #expect(chains.count == 1 && chains[0].count == 1)
    #expect(reader.last == traceback)
    #expect(traceback.exception == "ValueError" && traceback.message == "no")
    #expect(traceback.frames.map(\.line) == [5, 9])
    #expect(traceback.frames.map(\.function) == ["work", "<module>"])
    #expect(traceback.frames.map(\.source?.line) == ["raise ValueError(\"no\")", "work(1)"])
  }

  @Test func `a chain has the causes in front, and ends with other text`() throws {
    let chained =
      Self.text + "\nDuring handling of the above exception, another exception occurred:\n\n"
      + Self.text.replacing("ValueError: no", with: "KeyError: 1") + "next\n" + Self.text
    let (_, chains) = read(chained, size: 11)
    #expect(chains.map { $0.map(\.exception) } == [["ValueError", "KeyError"], ["ValueError"]])
  }

  @Test func `tracebacks in a row without a word between them are apart`() {
    let (_, chains) = read(Self.text + Self.text, size: 100)
    #expect(chains.map(\.count) == [1, 1])
  }

  @Test func `a path may have a line end of its own`() throws {
    let text = Self.text.replacing("\"/w/main.py\", line 5", with: "\"/w/a\nb.py\", line 5")
    let traceback = try #require(read(text, size: 9).reader.last)
    #expect(traceback.frames.map(\.path) == ["/w/a\nb.py", "/w/main.py"])
  }

  @Test func `colours are no part of it`() throws {
    let text = Self.text.replacing("ValueError", with: "\u{1B}[1;35mValueError\u{1B}[0m")
    #expect(read(text, size: 1000).reader.last?.exception == "ValueError")
  }

  @Test func `a line that names no exception ends a traceback without one`() {
    let (reader, chains) = read(Self.text.replacing("ValueError: no", with: "<no name>"), size: 64)
    #expect(reader.last == nil && chains.isEmpty)
  }

  @Test(arguments: [1, 8, 5000])
  func `the message of a refusal is found at the moment it is written`(size: Int) throws {
    let text = """
      Traceback (most recent call last):
        File "/w/main.py", line 4, in <module>
        File "/usr/lib/python3.13/multiprocessing/spawn.py", line 140, in _check_not_importing_main
      RuntimeError:\u{20}
              An attempt has been made to start a new process before the
      """
    var reader = TracebackReader()
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      _ = reader.read(String(decoding: rest.prefix(size), as: UTF8.self))
      rest = rest.dropFirst(size)
    }
    let refusal = try #require(reader.refusal)
    #expect(refusal.isWhole && !refusal.showsPreparation)
    #expect(refusal.frames.map(\.line) == [140, 4])
  }

  @Test func `lines and frames without end do not grow it`() {
    var reader = TracebackReader()
    for _ in 0..<100 { _ = reader.read(String(repeating: "x", count: 10_000)) }
    _ = reader.read("\nTraceback (most recent call last):\n")
    for line in 0..<100_000 { _ = reader.read("  File \"/w/a.py\", line \(line), in f\n") }
    _ = reader.read("RecursionError: deep\n")
    #expect((1...2_000).contains(reader.last?.frames.count ?? 0))
    #expect(reader.last?.frames.first?.line == 99_999)
  }
}
