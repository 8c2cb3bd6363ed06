import Testing
import TraceModel

@testable import Redaction

struct RedactorTests {
  /// The same numbers each time (xorshift).
  private struct Generator: RandomNumberGenerator {
    private var state: UInt64 = 0x9e37_79b9_7f4a_7c15

    mutating func next() -> UInt64 {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return state
    }
  }

  private let redactor = Redactor(
    environment: [
      ("GITHUB_TOKEN", "s3cr3t-value"), ("MY_PASSWORD", "short"), ("DB_PASSWORD", "hunter2"),
      ("HOME", "/home/me"), ("SSH_AUTH_SOCK", "/tmp/agent.sock"),
      ("API_KEY", "s3cr3t-value-longer"),
    ], hiding: ArgumentHider(.random()), keepsArguments: true)

  @Test(arguments: [
    ("--password=abc", "--password=[redacted]"), ("--api-key=abc", "--api-key=[redacted]"),
    ("TOKEN=abc def", "TOKEN=[redacted] def"),
    ("curl -H 'Authorization: Bearer abc.def'", "curl -H 'Authorization: Bearer [redacted]'"),
    (#"{"authkey": "abc", "x": 1}"#, #"{"authkey": "[redacted]", "x": 1}"#),
    ("https://me:pw@host/x", "https://[redacted]@host/x"),
    ("https://host/x@y", "https://host/x@y"), ("see s3cr3t-value here", "see [redacted] here"),
    ("s3cr3t-value-longer", "[redacted]"), ("hunter2hunter2", "[redacted][redacted]"),
    ("a short word", "a short word"), ("sorted(key=len)", "sorted(key=len)"),
    ("--key=abc", "--key=[redacted]"), ("--keep=abc", "--keep=abc"),
    ("ghp_0123456789abcdefghij", "[redacted]"), ("x ghp_short", "x ghp_short"),
    ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIi.abc", "[redacted]"), ("/home/me/x.py", "/home/me/x.py"),
    ("--auth-file=/x/y", "--auth-file=/x/y"), ("a == b", "a == b"),
    ("token == other", "token == other"),
    ("password = 'a b'; x", "password = '[redacted]'; x"), ("key:", "key:"), ("token=", "token="),
    (
      "from multiprocessing.spawn import spawn_main; spawn_main(tracker_fd=5, pipe_handle=7)",
      "from multiprocessing.spawn import spawn_main; spawn_main(tracker_fd=5, pipe_handle=7)"
    ),
  ])
  func `text loses its secrets`(text: String, expected: String) {
    #expect(redactor.text(text) == expected)
  }

  @Test(arguments: [
    "TOKEN=abc def", "password=[a, b]", "password=f(a)", "--password=abc", "password=ab[c]d",
    "Authorization: Bearer abc.def", "authkey: (1, 2), x", "my_token is a1b2c3d4", "# password=abc",
    #"f(password="abc", url="https://me:pw@host/x", t="ghp_0123456789abcdefghij")"#,
    #"('password', 'a b')"#, #"password = \"abc\""#, "https://me:pw@host/x", "password='a",
    "token=ghp_0123456789abcdefghij-x", "password = 12345", "api_key=[ghp_0123456789abcdefghij]",
  ])
  func `what is redacted stays as it is`(text: String) {
    expectStable(text)
  }

  @Test func `what is redacted stays as it is, whatever is put together`() {
    let parts = [
      "password", "token", "my_key", "--pass", "Bearer ", "Authorization", "=", ": ", ", ", " ",
      "'", "\"", "(", ")", "[", "]", "{", "}", "\\", "#", "abc", "a1b2c3d4", "12345", "://", "/",
      "@", "ghp_0123456789abcdefghij", "is ", ":", "\n    ", "[redacted]",
    ]
    var generator = Generator()
    for _ in 0..<5000 {
      let count = Int.random(in: 1...14, using: &generator)
      expectStable((0..<count).map { _ in parts.randomElement(using: &generator) ?? "" }.joined())
    }
  }

  private func expectStable(_ text: String) {
    for redact in [redactor.text, redactor.written, redactor.source, redactor.path] {
      let once = redact(text)
      let twice = redact(once)
      if once != twice { Issue.record("\(text)\n\(once)\n\(twice)") }
    }
  }

  @Test func `of the text of a forkserver only the import is left`() {
    let server =
      "from multiprocessing.forkserver import main; main(3, **{'authkey_r': 9, 'p': 'a'})"
    #expect(
      redactor.source("import sys; " + server)
        == "import sys; from multiprocessing.forkserver import main; ...")
    let line = "from multiprocessing import Pool; Pool(4).map(f, [1])"
    #expect(redactor.source(line) == line)
  }

  @Test(
    arguments: [
      ("a'b\"cdef", #"KeyError: 'a\'b"cdef'"#), ("a'b\"cdef", #"{"x": "a'b\"cdef"}"#),
      (#"a\bcdef"#, #"KeyError: 'a\\bcdef'"#), ("line one\nline two", #"'line one\nline two'"#),
      ("sécret1", #"b's\xe9cret1'"#), ("sécret1", #""s\u00e9cret1""#),
      ("a b/c+d", "?x=a%20b%2Fc%2Bd"),
      ("/S3cret/abc+def", "KeyError: '/S3cret/abc+def'"),
      ("----\nMIIEvQIBADANBgkqhkiG\n----", "x MIIEvQIBADANBgkqhkiG y"),
    ])
  func `a known value is found in each form in which programs write it`(value: String, text: String)
  {
    let redactor = Redactor(
      environment: [("DB_PASSWORD", value)], hiding: ArgumentHider(.random()))
    let redacted = redactor.text(text)
    #expect(redacted.contains("[redacted]"))
    for part in ["cdef", "two", "cret", "%2F", "MIIE"] { #expect(!redacted.contains(part)) }
  }

  @Test func `paths and names lose what is known and what is assigned`() {
    #expect(redactor.path("/x/token=abc/y.py") == "/x/token=[redacted]/y.py")
    #expect(redactor.path("/x/size=abc/y.py") == "/x/size=abc/y.py")
    let frame = PythonFrame(
      path: "a.py", line: 1, function: "ghp_0123456789abcdefghij", qualifiedName: "A.hunter2",
      module: "pkg.hunter2.m")
    let stack = PythonCallStack(version: PythonVersion(major: 3, minor: 12), frames: [frame])
    let event = Event(
      sequence: 1, time: .zero, process: ProcessID(rawValue: 1), thread: ThreadID(rawValue: 1),
      kind: .wrote(WrittenText(descriptor: 2, text: "")), stack: .read(stack))
    guard case .read(let redacted) = redactor.event(event).stack else {
      Issue.record("no stack")
      return
    }
    #expect(redacted.frames[0].function == "[redacted]")
    #expect(redacted.frames[0].qualifiedName == "A.[redacted]")
    #expect(redacted.frames[0].module == "pkg.[redacted].m")
  }

  @Test func `value may be the next argument`() {
    #expect(
      redactor.arguments(
        ["x", "--password", "abc", "--token", "--verbose", "abc", "--key"], of: "/bin/x")
        == ["x", "--password", "[redacted]", "--token", "--verbose", "abc", "--key"])
  }

  @Test func `events lose their secrets`() {
    var stack = PythonCallStack(version: PythonVersion(major: 3, minor: 12), frames: [])
    stack.frames = [
      PythonFrame(
        path: "a.py", line: 1, function: "f",
        source: SourceExcerpt(
          line: "login('hunter2', key=1)",
          statement: .init(number: 1, line: "x = 'ghp_0123456789abcdefghij'")))
    ]
    let event = Event(
      sequence: 1, time: .zero, process: ProcessID(rawValue: 1), thread: ThreadID(rawValue: 1),
      kind: .wrote(WrittenText(descriptor: 2, text: "KeyError: 's3cr3t-value'")),
      stack: .read(stack), nativeStack: .merged([.python(stack.frames[0])], cut: nil))
    let text = "\(redactor.event(event))"
    for secret in ["hunter2", "ghp_0123", "s3cr3t-value"] { #expect(!text.contains(secret)) }
    guard case .read(let redacted) = redactor.event(event).stack else {
      Issue.record("no stack")
      return
    }
    #expect(redacted.frames[0].source?.line == "login('[redacted]', key=1)")
  }

  @Test func `the program's text at opens and in definitions loses its secrets`() {
    var open = FileOpen(path: "/w/a.py", identity: nil, meaning: .program)
    open.exits = [.init(number: 1, line: "sys.exit('ghp_0123456789abcdefghij')")]
    let definition = SourceDefinition(
      path: "/w/a.py", place: .init(line: 2),
      source: SourceExcerpt(line: "def f(key='ghp_0123456789abcdefghij'):"))
    let text = WrittenText(descriptor: 2, text: "x", definition: definition)
    for kind in [Event.Kind.opened(open), .wrote(text)] {
      let event = Event(
        sequence: 1, time: .zero, process: ProcessID(rawValue: 1), thread: ThreadID(rawValue: 1),
        kind: kind)
      let redacted = redactor.event(event)
      #expect(redacted.kind != kind)
      if case .opened(let open) = redacted.kind {
        #expect(open.exits.map(\.line) == ["sys.exit('[redacted]')"])
      }
      if case .wrote(let written) = redacted.kind {
        #expect(written.definition?.source?.line == "def f(key='[redacted]'):")
        #expect(written.definition?.place == definition.place)
      }
    }
  }

  @Test(
    arguments: [
      ("PYTHONHASHSEED", "0", "0"), ("PYTHONPATH", "/w/lib", nil), ("GITHUB_RUN_ID", "123", "123"),
      ("GITHUB_RUN_ID", "hunter2", nil), ("GITHUB_SHA", "0a1b2c3d", "0a1b2c3d"),
      ("CI_JOB_TOKEN", "1", nil), ("HOME", "/home/me", nil), ("PYTEST_ADDOPTS", "-x", nil),
      ("BUILD_URL", "https://ci.example/job/7/?token=a#b", "https://ci.example/job/7/"),
      ("BUILD_URL", "https://me:pw@ci.example/job/7/", nil), ("MY_NUMBER", "4711", nil),
      ("PYTHON_GIL", "0", "0"), ("PYTHON_API_KEY", "0", nil), ("PYTEST_VERSION", "8.3.1", "8.3.1"),
      ("LANG", "de_DE.UTF-8", "de_DE.UTF-8"), ("GITHUB_JOB", "ghp_0123456789abcdefghij", nil),
      ("CI", "true", "true"), ("CI", "a b", nil),
    ] as [(String, String, String?)])
  func `variables whose values a recording has`(name: String, value: String, recorded: String?) {
    #expect(KnownVariables.recorded(name, value) == recorded)
  }
}
