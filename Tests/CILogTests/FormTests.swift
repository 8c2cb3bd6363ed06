import CILog
import Testing
import TraceModel

/// The same traceback in what CI hosts and programs put around it.
struct FormTests {
  enum Form: CaseIterable {
    case plain, returns, loneReturns, stamps, widths, nested, padded, mail, colours, buildkite, json
    case jsonMembers, jsonMember, teamCity, command, markup, page, attribute, jsonMessage,
      jsonLines, represented, wide, wideBigEndian,
      byteOrderMark, progress,
      noLastEnd

    func bytes(_ text: String) -> [UInt8] {
      switch self {
      case .plain: return Array(text.utf8)
      case .returns: return Array(text.replacing("\n", with: "\r\n").utf8)
      case .loneReturns: return Array(text.replacing("\n", with: "\r").utf8)
      case .stamps:
        return Array(text.prefixed { "2026-01-02T03:04:05.\(1_000_000 + $0 * 7)Z " }.utf8)
      case .widths:
        return Array(
          text.prefixed { "[\(String(repeating: " ", count: 5 - "\($0)".count))\($0)s] " }.utf8)
      case .nested:
        return Array(
          text.prefixed("[    8s] E  and: 'INTERNALERROR> ").replacing("\n", with: "'\n").utf8)
      case .padded:
        return Array(
          text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
            .map { "| " + $0 + String(repeating: " ", count: max(0, 120 - $0.count)) + " |\n" }
            .joined().utf8)
      case .mail: return Array(text.prefixed("> ").utf8)
      case .colours:
        return Array(
          text.replacing("line ", with: "line \u{1B}[35m").replacing(", in", with: "\u{1B}[0m, in")
            .utf8)
      case .buildkite:
        return Array(text.prefixed { "\u{1B}_bk;t=\(1_700_000_000_000 + $0)\u{07}" }.utf8)
      case .json:
        return Array(
          text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
            .map { #"{"log":""# + Self.escaped($0) + #"\n","stream":"stderr"}"# + "\n" }.joined()
            .utf8)
      case .jsonMessage:
        return Array((#"{"level":"error","message":""# + Self.escaped(text[...]) + "\"}\n").utf8)
      case .jsonLines:
        return Array(
          text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
            .map { #"{"time":"2026-01-01T00:00:00Z","message":""# + Self.escaped($0) + "\"}\n" }
            .joined().utf8)
      case .represented:
        return Array(
          ("AssertionError: 'Traceback' unexpectedly found in '"
            + text.replacing("'", with: #"\'"#).replacing("\n", with: #"\n"#) + "'\n").utf8)
      case .wide: return [0xFF, 0xFE] + text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
      case .wideBigEndian:
        return [0xFE, 0xFF] + text.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
      case .jsonMembers:
        return Array(
          ("{\n  \"events\": [\n"
            + text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map {
              "    {\n      \"timestamp\": 1700000000000,\n      \"message\": \""
                + Self.escaped($0) + "\"\n    },\n"
            }.joined() + "  ]\n}\n").utf8)
      case .jsonMember:
        return Array(
          ("{\n  \"stderr\": \"" + Self.escaped(text[...]) + "\",\n  \"code\": 1\n}\n").utf8)
      case .teamCity:
        return Array(
          ("##teamcity[testStdErr name='t' out='"
            + text.replacing("|", with: "||").replacing("'", with: "|'").replacing("\n", with: "|n")
            + "']\n").utf8)
      case .command:
        return Array(
          ("::error::" + text.replacing("%", with: "%25").replacing("\n", with: "%0A") + "\n").utf8)
      case .markup:
        return Array(
          ("<testcase name=\"t\"><system-err>" + Self.marked(text) + "</system-err></testcase>\n")
            .utf8
        )
      case .page:
        return Array(
          ("<html><pre>"
            + Self.marked(text).replacing("\"", with: "&quot;").replacing(
              "'", with: "&#x27;") + "</pre>\n").utf8)
      case .attribute:
        return Array(
          ("<failure message='" + Self.marked(text).replacing("\n", with: "&#10;") + "'/>\n").utf8)
      case .byteOrderMark: return [0xEF, 0xBB, 0xBF] + Array(text.utf8)
      case .progress: return Array(("\r 10%|#   | 1/10\r 20%|##  | 2/10\r" + text).utf8)
      case .noLastEnd: return Array(text.utf8.dropLast())
      }
    }

    private static func marked(_ text: String) -> String {
      text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    }

    private static func escaped(_ text: Substring) -> String {
      String(text).replacing("\\", with: #"\\"#).replacing("\"", with: #"\""#).replacing(
        "\n", with: #"\n"#)
    }
  }

  @Test(arguments: Form.allCases) func `a traceback is read in each form`(_ form: Form) throws {
    let bytes = form.bytes("$ python main.py\n" + Worker.traceback())
    let reading = CILogReader.reading(of: bytes)
    let fault = try #require(reading.faults.first)
    #expect(reading.faults.count == 1)
    #expect(fault.rule == "ST101")
    #expect(fault.culprit?.path == "/w/main.py")
    #expect(fault.culprit?.line == 10)
    #expect(fault.culprit?.source?.line == "process.start()")
    #expect(fault.startMethod == .spawn)
    #expect(fault.python == PythonVersion(major: 3, minor: 8))
    #expect(fault.isWhole)
    #expect(reading.placelessMessages == 0)
  }

  @Test(arguments: [
    "[2026-11-20T10:00:00.000+0000] {subprocess.py:93} INFO - ",
    "2026-11-20 10:00:00,000 - runner - ERROR - ", "2026-11-20 10:00:00,000 - ", "worker-1 - ",
    "stderr < ", "2026-01-01 00:00:00.000 | ERROR    | __main__:f:3 - ",
    "20260101 10:00:00.000 - INFO  - ", "<11>1 2026-01-01T00:00:00Z host app 123 - - ",
    "2026-01-01T00:00:00.1234567Z worker-1 - ",
  ]) func `a logger's separator is no mark of a patch`(_ prefix: String) {
    let reading = Worker.traceback().prefixed(prefix).reading
    #expect(reading.faults.map(\.culprit?.line) == [10])
    #expect(reading.faults.first?.culprit?.source?.line == "process.start()")
    #expect(reading.faults.first?.isWhole == true)
    #expect(reading.quotations == 0)
  }

  @Test(arguments: Form.allCases, [1, 2, 7, 61]) func `pieces of any size read the same`(
    _ form: Form, _ size: Int
  ) {
    let bytes = form.bytes("$ python main.py\n" + Worker.traceback())
    var reader = CILogReader()
    var rest = bytes[...]
    while !rest.isEmpty {
      rest.prefix(size).withUnsafeBytes { reader.read($0) }
      rest = rest.dropFirst(size)
    }
    #expect(reader.finish() == CILogReader.reading(of: bytes))
  }

  @Test func `a path may have a line end`() {
    let fault = Worker.traceback("/w/sp ace\nnew/run test.py", 13).reading.faults.first
    #expect(fault?.culprit?.path == "/w/sp ace\nnew/run test.py")
    #expect(fault?.culprit?.line == 13)
  }

  @Test func `of a long line only the beginning is read`() {
    let reading = (String(repeating: "x", count: 200_000) + "\n" + Worker.traceback()).reading
    #expect(reading.tooLongLines == 1)
    #expect(reading.faults.count == 1)
  }

  @Test func `the frames are innermost first`() {
    let fault = Worker.traceback().reading.faults.first
    #expect(fault?.frames.first?.function == "_check_not_importing_main")
    #expect(fault?.frames.last?.path == "<string>")
    #expect(fault?.script == "/w/main.py")
  }

  @Test func `marks below a line are no text`() {
    let marked = Worker.traceback().replacing(
      "    process.start()\n", with: "    process.start()\n    ~~~~~~~~~~~~~^^\n")
    #expect(marked.reading.faults.first?.culprit?.source?.line == "process.start()")
  }

  @Test(arguments: [
    "/home/me/multiprocessing/main.py", "D:\\loky\\test.py", "/w/billiard/app/run.py",
    "/home/runner/work/python-shop/python-shop/lib/main.py",
    #"D:\a\python-shop\python-shop\lib\main.py"#,
  ]) func `a program's folder may have a library's name`(_ path: String) {
    #expect(Worker.traceback(path).reading.faults.first?.culprit?.path == path)
  }

  @Test func `loky's message begins in the exception's line`() {
    let text = Worker.traceback().replacing(
      "RuntimeError: \n        An attempt", with: "RuntimeError: An attempt")
    #expect(text.reading.faults.first?.isWhole == true)
    #expect(text.reading.quotations == 0)
  }

  @Test func `a marked frame has its text, too`() {
    let marked = Worker.traceback().replacing("  File \"/w/main.py", with: "> File \"/w/main.py")
    #expect(marked.reading.faults.first?.culprit?.source?.line == "process.start()")
  }

  @Test func `the statement of an imported module is the culprit`() throws {
    let text =
      Worker.beginning + Worker.frame("/w/app.py", 2, "<module>", "import bootstrap")
      + Worker.frame("<frozen importlib._bootstrap>", 1360, "_find_and_load")
      + Worker.frame("/w/bootstrap.py", 7, "<module>", "run()")
      + Worker.frame("/w/bootstrap.py", 4, "run", "Process(target=print).start()") + Worker.start
      + Worker.message
    let fault = try #require(text.reading.faults.first)
    #expect(fault.culprit?.line == 7)
    #expect(fault.callSite?.line == 4)
    #expect(fault.script == "/w/app.py")
  }

  @Test func `the statement that executes a text is the culprit`() throws {
    let text =
      Worker.beginning + Worker.frame("/w/run.py", 4, "<module>", "exec(source)")
      + Worker.frame("<string>", 3, "<module>") + Worker.start + Worker.message
    let fault = try #require((text + text).reading.faults.first)
    #expect(fault.culprit?.line == 4)
    #expect(fault.callSite?.line == 4)
    #expect(fault.isWhole)
    #expect(fault.count == 2)
  }

  @Test func `PowerShell's error record is no head`() throws {
    let record =
      "python : Traceback (most recent call last):\n    + CategoryInfo          : NotSpecified: "
      + "(Traceback (most recent call last)::String) [], RemoteException\n"
      + "    + FullyQualifiedErrorId : NativeCommandError\n \n"
    let text = Worker.traceback().replacing("Traceback (most recent call last):\n", with: record)
    let fault = try #require(text.reading.faults.first)
    #expect(fault.culprit?.line == 10)
    #expect(fault.startMethod == .spawn)
    #expect(fault.isWhole)
  }
}
