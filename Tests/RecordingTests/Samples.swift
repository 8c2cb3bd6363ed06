import Bytes
import TraceModel

@testable import Recording

/// Events of every kind, with everything that they can hold.
enum Samples {
  static let header = RecordingHeader(
    tool: "1.2.3", run: "0123", began: "2026-11-23T01:40:28.478938Z", monotonicStart: 77,
    host: "ci-7", kernel: "6.18", architecture: "x86_64", processorCount: 2,
    command: ["python", "caf\u{e9}.py", String(exactly: [0xff, 0x41])], workingDirectory: "/w",
    environment: .init(
      values: ["CI": "true", "PYTHONPATH": "a\nb"], hashes: ["A": "…0123456789abcdef"],
      key: "01234567"),
    options: .init(
      limits: Limits(maxNesting: 7), evidence: "all", timeout: 5_000_000_000, capture: "needed",
      mechanism: "notify"),
    limitations: ["something was not seen"])

  static let end = RecordingEnd(
    time: TraceTime(nanoseconds: 99), events: 3, ending: .status(112), isStopped: true,
    hasTimedOut: false)

  private static let identity = FileIdentity(device: 65024, inode: .max)

  private static let frames = [
    PythonFrame(
      path: "/w/a \"b\"\\.py", line: 3, function: "f", qualifiedName: "C.f",
      source: SourceExcerpt(
        line: "\tpool = Pool(4)\u{1}", statement: .init(number: 1, line: "x = [")),
    ),
    PythonFrame(
      path: String(exactly: [0x2f, 0xe9, 0x2e]), line: nil, function: "<module>",
      module: "__mp_main__",
      source: SourceExcerpt(
        line: "", methodLines: [.init(number: 2, line: "get_context(\"spawn\")")])),
  ]

  private static let exits: FileOpen = {
    var open = FileOpen(path: "/w/x.py", identity: nil, meaning: .program)
    open.exits = [.init(number: 3, line: "sys.exit(1)"), .init(number: 9, line: "exit()")]
    return open
  }()

  static let kinds: [Event.Kind] = [
    .started(Start(call: .launch, parent: nil)),
    .started(Start(call: .fork, parent: ProcessID(rawValue: 7))),
    .started(Start(call: .vfork, parent: ProcessID(rawValue: 7))),
    .started(Start(call: .clone, parent: ProcessID(rawValue: 7))),
    .started(Start(call: .unseen, parent: nil)),
    .executed(
      Execution(
        executable: "/usr/bin/python3", executableIdentity: identity,
        arguments: ["python", "", "a b", "\u{1f40d}\u{2028}\"\\/\n\r\t\u{0}\u{7f}"],
        workingDirectory: "/w",
        script: ScriptFile(path: "/w/pkg", identity: identity, isDirectory: true),
        hasInput: true)),
    .executed(
      Execution(
        executable: "/bin/sh", executableIdentity: nil,
        arguments: [String(exactly: Array(128...255))], workingDirectory: "/",
        script: ScriptFile(path: "x.py", identity: nil))),
    .opened(FileOpen(path: "/w/runtest.py", identity: identity, meaning: .program)),
    .opened(FileOpen(path: String(exactly: [0x2f, 0xff]), identity: nil, meaning: .program)),
    .opened(FileOpen(path: "/dev/null", identity: nil, meaning: .other)),
    .opened(FileOpen(path: "/w/x.py", identity: nil, meaning: .starter)),
    .opened(FileOpen(path: "/w/x.py", identity: nil, meaning: .forkStarter)),
    .opened(FileOpen(path: "/w/x.py", identity: nil, meaning: .endOfBoot)),
    .opened(exits),
    .wrote(
      WrittenText(
        descriptor: 2, text: "AttributeError: x",
        definition: SourceDefinition(
          path: "/w/main.py", place: .init(line: 4, deletedAt: 9),
          source: SourceExcerpt(
            line: "    def f():", statement: .init(number: 3, line: "if x:"))))),
    .wrote(
      WrittenText(
        descriptor: 2, text: "AttributeError: x",
        definition: SourceDefinition(path: "/w/main.py", place: .init(line: 4), source: nil))),
    .piped,
    .wrote(WrittenText(descriptor: 2, text: "Traceback\n  File \"x\"\n")),
    .bound(SocketAddress(path: "\u{0}abstract")),
    .connected(SocketAddress(path: "/tmp/socket")),
    .sent(SignalSending(signal: 9, targets: [ProcessID(rawValue: 7), ProcessID(rawValue: 8)])),
    .sent(SignalSending(signal: 9, targets: [])),
    .started(
      Start(call: .fork, parent: ProcessID(rawValue: 7), creator: ThreadID(rawValue: 70))),
    .executed(
      Execution(
        executable: "/usr/bin/python3", executableIdentity: nil, arguments: ["python"],
        workingDirectory: "/w", environment: EnvironmentDigest(rawValue: 0xFEDC_BA98_7654_3210),
        test: "test_a.py::test_b[é] (call)", addedVariables: ["RUN_MAIN", "É"])),
    .signalled(SignalDelivery(signal: 15, sender: ProcessID(rawValue: 9), isOurs: true)),
    .signalled(SignalDelivery(signal: 11, sender: nil)),
    .dying(Dying()),
    .dying(Dying(job: 12, outOfMemoryKills: 1, isOrphan: true)),
    .awaited(JobWait(job: 0, state: .endless, isMainWaiting: true)),
    .awaited(JobWait(job: 7, state: .timed, isMainWaiting: false)),
    .awaited(JobWait(job: 7, state: .none, isMainWaiting: false)),
    .surveyBegan(.deadline(3_000_000_000)),
    .surveyBegan(.signal(15)),
    .surveyed(ThreadActivity(name: "python", state: .running)),
    .surveyed(ThreadActivity(name: "a\nb", state: .stopped)),
    .surveyed(ThreadActivity(name: "", state: .unknown)),
    .surveyed(
      ThreadActivity(
        name: "MainThread",
        state: .waiting(
          Wait(
            call: "poll",
            objects: [
              WaitObject(
                kind: .pipeToRead, name: "pipe:[1]", processes: [ProcessID(rawValue: 4)]),
              WaitObject(kind: .time),
            ], isTimed: true)))),
    .surveyEnded(isMoving: true),
    .surveyEnded(isMoving: false),
    .exited(.status(-1)),
    .exited(.signal(9)),
  ]

  static let stacks: [StackReading?] = [
    nil, .unreadable("no offsets for CPython 3.17"),
    .read(
      PythonCallStack(
        version: PythonVersion(major: 3, minor: 12, micro: 1), frames: frames, cut: "because")),
    .read(PythonCallStack(version: PythonVersion(major: 2, minor: 7), frames: [])),
  ]

  private static let native = NativeFrame(symbol: "os_fork", offset: 12, image: "/lib/libc.so")

  static let nativeStacks: [MixedStack?] = [
    nil,
    .merged(
      [
        .native(native), .python(frames[0]),
        .native(NativeFrame(symbol: nil, offset: .max, image: nil)),
      ], cut: "no rule"),
    .separate(native: [native], python: frames, reason: "no evaluation was found"),
  ]

  static let events: [Event] = {
    var result: [Event] = []
    for kind in kinds {
      for stack in stacks {
        for native in nativeStacks {
          let sequence = UInt64(result.count + 1)
          result.append(
            Event(
              sequence: sequence, time: TraceTime(nanoseconds: sequence * 1000),
              process: ProcessID(rawValue: 10),
              thread: ThreadID(rawValue: sequence % 2 == 0 ? 10 : 11),
              kind: kind, stack: stack, nativeStack: native))
        }
      }
    }
    return result
  }()

  /// A recording with all of them.
  static let recording: [UInt8] = {
    final class Sink { var bytes: [UInt8] = [] }
    let sink = Sink()
    var recorder = Recorder {
      sink.bytes += $0
      return true
    }
    recorder.write(header)
    for event in events { recorder.write(event) }
    recorder.write(fix)
    recorder.writeStop(at: TraceTime(nanoseconds: 5))
    recorder.write(end)
    return sink.bytes
  }()

  /// Each stack comes before the first event that has it.
  static let items: [RecordingItem] = {
    var seen: Set<StackReading?> = [nil]
    var seenNative: Set<MixedStack?> = [nil]
    var result: [RecordingItem] = [.header(header)]
    for event in events {
      if seen.insert(event.stack).inserted { result.append(.part) }
      if seenNative.insert(event.nativeStack).inserted { result.append(.part) }
      result.append(.event(event))
    }
    return result + [.fix(fix), .stop(TraceTime(nanoseconds: 5)), .end(end)]
  }()

  static let fix = ProposedFix(
    .guard, path: "/w/é\n.py", line: 3,
    files: [
      FileChange(
        path: "/w/é\n.py",
        hunks: [
          .init(
            startLine: 2,
            lines: [
              .kept("\n"), .removed("\tx\r\n"), .added(String(exactly: [0x20, 0xe9, 0x0a])),
              .kept("+"),
            ])
        ])
    ],
    doubts: [.init(.workersNeed, name: "pool", line: 9), .init(.redacted)])
}

/// The result of reading some bytes.
struct ReadBack {
  var items: [RecordingItem] = []
  var damagedLines: UInt64
  var lostEvents: UInt64
  var isTorn: Bool
  var hasEnd: Bool
  var versionError: RecordingVersionError?

  /// Hands the bytes over in pieces of this size.
  init(_ bytes: [UInt8], pieces: Int = .max) {
    var reader = RecordingReader()
    var items: [RecordingItem] = []
    bytes.withUnsafeBytes { buffer in
      var start = 0
      while start < buffer.count {
        let end = pieces > buffer.count - start ? buffer.count : start + pieces
        reader.read(UnsafeRawBufferPointer(rebasing: buffer[start..<end])) { items.append($0) }
        start = end
      }
    }
    reader.finish()
    self.items = items
    damagedLines = reader.damagedLines
    lostEvents = reader.lostEvents
    isTorn = reader.isTorn
    hasEnd = reader.hasEnd
    versionError = reader.versionError
  }
}
