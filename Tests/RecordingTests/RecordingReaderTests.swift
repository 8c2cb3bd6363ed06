import Testing
import TraceModel

@testable import Recording

struct RecordingReaderTests {
  @Test(arguments: [1, 7, 64, 1000, 4096, .max])
  func `what is written comes back`(pieces: Int) {
    let back = ReadBack(Samples.recording, pieces: pieces)
    #expect(back.items == Samples.items)
    #expect(back.damagedLines == 0)
    #expect(back.lostEvents == 0)
    #expect(!back.isTorn)
    #expect(back.hasEnd)
  }

  /// Whole lines before a cut are read, wherever it is.
  @Test func `torn recording is read up to its last line`() {
    let bytes = Samples.recording
    for length in stride(from: 0, through: bytes.count - 1, by: 97) {
      let torn = Array(bytes[..<length])
      let back = ReadBack(torn, pieces: 500)
      let whole = torn.count { $0 == 0x0A }
      #expect(back.items.count == whole)
      #expect(back.items == Array(Samples.items.prefix(whole)))
      #expect(back.isTorn == (length > 0 && torn.last != 0x0A))
      #expect(!back.hasEnd)
      #expect(back.damagedLines == 0)
    }
  }

  @Test(arguments: [
    "", "{", "null", "[]", "{\"k\":\"exit\"}", "{\"k\":1}", "{}", "no JSON", "{\"k\":\"open\"",
    #"{"k":"open","seq":2,"t":1,"pid":7,"path":9}"#, #"{"k":"exit","seq":2,"t":1,"pid":7}"#,
    #"{"k":"exit","seq":2,"t":1,"pid":99999999999,"status":1}"#,
    #"{"k":"exit","seq":2,"t":-1,"pid":7,"status":1}"#,
    #"{"k":"start","seq":2,"t":1,"pid":7,"call":"teleport"}"#,
    #"{"k":"open","seq":2,"t":1,"pid":7,"path":{"b64":"*"}}"#, "\u{0}\u{0}",
    #"{"k":"pipe","seq":2,"t":1,"pid":7,"stack":{"python":"3","frames":[]}}"#,
    #"{"k":"pipe","seq":2,"t":1,"pid":7,"stack":{"python":"3.8","frames":[{"path":"x"}]}}"#,
  ])
  func `damaged line is skipped and counted`(line: String) {
    let text = """
      {"k":"pipe","seq":1,"t":1,"pid":7}
      \(line)
      {"k":"pipe","seq":3,"t":1,"pid":7}

      """
    let back = ReadBack(Array(text.utf8))
    #expect(back.items.count == 2)
    #expect(back.damagedLines == (line.isEmpty ? 0 : 1))
    #expect(back.lostEvents == 1)
    #expect(!back.isTorn)
  }

  @Test func `bytes that aren't UTF-8 are damage`() {
    let bytes = Array("{\"k\":\"pipe\",\"x\":\"".utf8) + [0xff] + Array("\"}\n".utf8)
    #expect(ReadBack(bytes).damagedLines == 1)
  }

  @Test func `unknown members and kinds aren't damage`() {
    let text = """
      {"new":{"a":[1,{"b":null}]},"k":"pipe","seq":1,"t":1.5e3,"t":1,"pid":7,"later":true}
      {"k":"invention","seq":2}
      {"pid":7,"t":4,"seq":2,"k":"exit","status":0}

      """
    let back = ReadBack(Array(text.utf8))
    #expect(back.damagedLines == 0)
    #expect(back.items.count == 3)
    #expect(back.items[1] == .other)
    guard case .event(let event) = back.items[2] else {
      Issue.record("no event")
      return
    }
    #expect(event.kind == .exited(.status(0)))
  }

  @Test func `an open means what its line says, and in an old recording what its path says`() {
    func meaning(_ members: String) -> FileOpen.Meaning? {
      let line = #"{"k":"open","seq":1,"t":1,"pid":7,\#(members)}"# + "\n"
      guard case .event(let event) = ReadBack(Array(line.utf8)).items.first,
        case .opened(let open) = event.kind
      else { return nil }
      return open.meaning
    }
    #expect(meaning(#""path":"/dev/null""#) == .endOfBoot)
    #expect(meaning(#""path":"/m/popen_spawn_posix.py""#) == .starter)
    #expect(meaning(#""path":"/w/main.py""#) == .program)
    #expect(meaning(#""path":"/dev/null","as":"other""#) == .other)
    #expect(meaning(#""as":"starter","path":"/w/main.py""#) == .starter)
    #expect(meaning(#""path":"/dev/null","as":"a new word""#) == .endOfBoot)
  }

  @Test func `events of another run are damage`() {
    let line = "{\"k\":\"pipe\",\"seq\":1,\"t\":1,\"pid\":7}\n"
    let back = ReadBack(Array((line + line).utf8))
    #expect(back.items.count == 1)
    #expect(back.damagedLines == 1)
  }

  @Test func `newer format is not read`() {
    let text = #"{"k":"hdr","fmt":"spawntrace","v":9,"minReader":7,"tool":"4.0"}"# + "\n"
    let back = ReadBack(Array((text + "{\"k\":\"pipe\",\"seq\":1,\"t\":1,\"pid\":7}\n").utf8))
    #expect(back.versionError == RecordingVersionError(version: 9, oldestReader: 7, tool: "4.0"))
    #expect(back.items.isEmpty)
  }

  /// A newer version that says that this reader understands it.
  @Test func `newer format for old readers is read`() {
    let text =
      #"{"k":"hdr","fmt":"spawntrace","v":9,"minReader":1,"argv":["x"],"cwd":"/"}"# + "\n"
    let back = ReadBack(Array(text.utf8))
    #expect(back.versionError == nil)
    #expect(back.items.count == 1)
  }

  @Test func `line without end is bounded`() {
    let long = [UInt8](repeating: 0x20, count: RecordingReader.longestLine + 10)
    let text = long + Array("\n{\"k\":\"pipe\",\"seq\":1,\"t\":1,\"pid\":7}\n".utf8)
    let back = ReadBack(text, pieces: 1 << 20)
    #expect(back.damagedLines == 1)
    #expect(back.items.count == 1)
  }

  @Test func `more stacks than there are numbers come back`() {
    let stacks = (0..<3000).map { StackReading.unreadable("reason \($0 % 1500)") }
    final class Sink { var bytes: [UInt8] = [] }
    let sink = Sink()
    var recorder = Recorder {
      sink.bytes += $0
      return true
    }
    let events = stacks.enumerated().map { index, stack in
      Event(
        sequence: UInt64(index + 1), time: .zero, process: ProcessID(rawValue: 1),
        thread: ThreadID(rawValue: 1), kind: .piped, stack: stack)
    }
    for event in events { recorder.write(event) }
    let back = ReadBack(sink.bytes).items.filter { $0 != .part }
    #expect(back == events.map { .event($0) })
  }

  /// A stack that was never recorded, or with a damaged line: an older one has the same slot.
  @Test(arguments: [-1, 3, 1023, 2048, 1 << 40])
  func `event with an unknown stack is damage`(number: Int) {
    let text = """
      {"k":"stack","id":0,"why":"x"}
      {"k":"stack","id":1024,"why":"y"}
      {"k":"stack","id":-5,"why":"x"}
      {"k":"pipe","seq":1,"t":1,"pid":7,"stack":0}
      {"k":"pipe","seq":1,"t":1,"pid":7,"stack":\(number)}

      """
    let back = ReadBack(Array(text.utf8))
    #expect(back.items == [.part, .part])
    #expect(back.damagedLines == 3)
  }

  @Test func `failed write is the last`() {
    final class Sink { var lines = 0 }
    let sink = Sink()
    var recorder = Recorder { _ in
      sink.lines += 1
      return sink.lines < 3
    }
    for event in Samples.events.prefix(10) { recorder.write(event) }
    let hasFailed = recorder.hasFailed
    #expect(hasFailed)
    #expect(sink.lines == 3)
  }

  /// Each event is one line, and nothing in it looks like a second.
  @Test func `each line is one`() {
    let lines = Samples.recording.split(separator: 0x0A, omittingEmptySubsequences: false)
    #expect(lines.count == Samples.items.count + 1)
    #expect(lines.last?.isEmpty == true)
    #expect(Samples.recording.starts(with: RecordingFormat.beginning.utf8))
    #expect(String(validating: Samples.recording, as: UTF8.self) != nil)
  }

  @Test(
    arguments: [
      ("/w/a.py", #"+x\n"#, true), ("/w/a.py", "+x", true), ("/w/a..b/a.py", "+", true),
      ("/w/a.py", #"+x\n--- a/b\n"#, false), ("/w/a.py", #" \n\n"#, false),
      ("/w/../a.py", "+x", false), ("/w/..", "+x", false), ("a.py", "+x", false), ("", "+x", false),
    ])
  func `an edit whose diff would change another file is damage`(
    path: String, line: String, isRead: Bool
  ) {
    let text = """
      {"k":"fix","form":"guard","path":"/w/a.py","line":1,"files":[{"path":"\(path)",\
      "hunks":[{"line":1,"text":["\(line)"]}]}],"doubts":[]}

      """
    let back = ReadBack(Array(text.utf8))
    #expect(back.damagedLines == (isRead ? 0 : 1))
    #expect(back.items.count == (isRead ? 1 : 0))
  }
}
