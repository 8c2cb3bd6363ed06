import Analysis
import Diagnostics
import Multiprocessing
import TestSupport
import Testing
import TraceModel

/// ST108: a worker that ends while it imports main.
struct NeverRanTests {
  /// A worker that opens main, which has these exits; `rest` says how it ends.
  private func worker(
    exits: [Int] = [], stack: StackReading = Stacks.starting(line: 12), hasInput: Bool? = nil,
    text: (Int) -> String = { _ in "sys.exit(main())" },
    _ rest: (inout EventList) -> Void
  ) -> EventList {
    var list = EventList()
    list.hasInput = hasInput
    list.main(100, "main.py")
    list.spawnWorker(100, 101, stack: stack)
    var open = FileOpen(
      path: "/w/main.py", identity: EventList.identity(of: "/w/main.py"), meaning: .program)
    open.exits = exits.map { .init(number: $0, line: text($0)) }
    for _ in 0..<3 { list.add(.opened(open), by: 101) }
    rest(&list)
    return list
  }

  private static func writing(_ frames: [PythonFrame], line: Int) -> StackReading {
    Stacks.read(frames, [Stacks.main(line)], Stacks.boot())
  }

  private static let printing = [
    Stacks.frame(Stacks.library + "/argparse.py", 2600, "_print_message")
  ]
  private static let parsing =
    printing + [
      Stacks.frame(Stacks.library + "/argparse.py", 2630, "exit"),
      Stacks.frame(Stacks.library + "/argparse.py", 1900, "parse_args"),
    ]

  @Test func `status 0: proven, and masked if the run exits with 0`() throws {
    let list = worker(exits: [20]) { list in
      list.exit(101)
      list.exit(100)
    }
    let (report, announced) = list.run()
    #expect(announced.count == 1)
    let finding = try #require(report.findings.first)
    #expect(report.verdict == "never-ran" && finding.rule.severity == .error)
    #expect(finding.certainty == .proven && finding.consequence == .masked)
    #expect(finding.culprit?.line == 20 && finding.callSite?.line == 12)
    #expect(finding.title == "a spawn worker ended importing main.py, and ran no task")
  }

  @Test func `a parser's last line has a stack: its statement`() throws {
    let list = worker(exits: [7, 20]) { list in
      list.write(101, to: 2, "usage: x\n", stack: Self.writing(Self.parsing, line: 7))
      list.exit(101, .status(2))
    }
    #expect(try #require(list.findings.first).culprit?.line == 7)
  }

  @Test func `a line that is written before narrows the text's statements down`() throws {
    let list = worker(exits: [5, 20]) { list in
      list.write(101, to: 2, "hello\n", stack: Self.writing(Self.printing, line: 10))
      list.exit(101)
    }
    #expect(try #require(list.findings.first).culprit?.line == 20)
  }

  @Test func `several statements can have done it: no line, and no guess`() throws {
    let list = worker(exits: [5, 20]) { $0.exit(101) }
    let finding = try #require(list.findings.first)
    #expect(finding.culprit?.path == "/w/main.py" && finding.culprit?.line == nil)
    guard case .neverRan(let end, isServer: false) = finding.detail else {
      Issue.record("\(finding.detail)")
      return
    }
    #expect(end.exit?.possible.map(\.line) == [5, 20])
  }

  @Test func `a status that one of them says decides`() throws {
    let list = worker(exits: [5, 20], text: { "sys.exit(\($0))" }) { $0.exit(101, .status(20)) }
    #expect(try #require(list.findings.first).culprit?.line == 20)
  }

  @Test func `status 1 without a word may be an exception that nobody saw: likely`() throws {
    let list = worker(exits: [20]) { $0.exit(101, .status(1)) }
    #expect(try #require(list.findings.first).certainty == .likely)
    let told = worker(exits: [20]) { list in
      list.write(101, to: 2, "no work\n", stack: Stacks.read([]))
      list.exit(101, .status(1))
    }
    #expect(try #require(told.findings.first).certainty == .proven)
  }

  @Test func `a traceback that a hook of the program prints may be what ended it`() {
    let list = worker(exits: [20]) { list in
      list.write(
        101, to: 2, "Traceback (most recent call last):\nValueError: x\n",
        stack: Self.writing([Stacks.frame("/w/main.py", 3, "hook")], line: 9))
      list.exit(101, .status(1))
    }
    #expect(list.findings.isEmpty)
  }

  @Test func `CPython's words of a refused start, which main prints before it ends, hide nothing`()
    throws
  {
    let list = worker(exits: [5, 20]) { list in
      list.write(
        101, to: 2, "An attempt has been made to start a new process before the\n",
        stack: Self.writing([], line: 8))
      list.add(.exited(.status(1)), by: 101, stack: Self.writing([], line: 9))
    }
    let finding = try #require(list.findings.first)
    #expect(finding.rule == .neverRan && finding.culprit?.line == 9)
    #expect(list.findings.count == 1)
  }

  @Test func `a text that says another status did not end it`() throws {
    let list = worker(exits: [20], hasInput: true, text: { _ in "parser.parse_args()" }) {
      $0.exit(101)
    }
    #expect(try #require(list.findings.first).culprit?.line == nil)
  }

  @Test(arguments: [true, false])
  func `a worker without an input opens nothing when it is ready: its end shows nothing`(
    isReplaced: Bool
  ) {
    func list(_ end: (inout EventList) -> Void) -> [Finding] {
      worker(exits: [20], hasInput: isReplaced) { list in
        var open = FileOpen(
          path: "/w/main.py", identity: EventList.identity(of: "/w/main.py"), meaning: .program)
        open.replacesInput = isReplaced
        list.add(.opened(open), by: 101)
        end(&list)
      }.findings
    }
    #expect(list { $0.exit(101) } == [])
    #expect(list { $0.exit(101, .status(3)) }.allSatisfy { $0.rule != .neverRan })
    let parser = list { list in
      list.write(101, to: 2, "usage: x\n", stack: Self.writing(Self.parsing, line: 7))
      list.exit(101, .status(2))
    }
    #expect(parser.map(\.rule) == [.neverRan])
  }

  @Test(arguments: [(Int32(0), Certainty.proven), (7, .proven), (1, .likely)])
  func `nothing shows the statement: the end alone proves it where its absence would be seen`(
    status: Int32, certainty: Certainty
  ) throws {
    let list = worker(hasInput: true) { $0.exit(101, .status(status)) }
    let finding = try #require(list.findings.first)
    #expect(finding.rule == .neverRan && finding.certainty == certainty)
    #expect(finding.culprit?.path == "/w/main.py" && finding.culprit?.line == nil)
    #expect(!worker { $0.exit(101, .status(0)) }.findings.contains { $0.rule == .neverRan })
  }

  @Test func `the stack of a thread that ends the process in an imported module`() throws {
    let list = worker { list in
      list.add(
        .dying(Dying()), by: 101,
        stack: Stacks.read(
          [Stacks.frame("/w/lib.py", 4, "__init__"), Stacks.frame("/w/lib.py", 6, "<module>")],
          [Stacks.main(2)], Stacks.boot()))
      list.exit(101, .status(11))
    }
    let finding = try #require(list.findings.first)
    #expect(finding.rule == .neverRan && finding.certainty == .proven)
    #expect(finding.culprit?.path == "/w/lib.py" && finding.culprit?.line == 6)
  }

  @Test func `os._exit leaves the stack at the end`() throws {
    let list = worker(exits: [5, 20]) { list in
      list.add(.exited(.status(0)), by: 101, stack: Self.writing([], line: 9))
    }
    #expect(try #require(list.findings.first).culprit?.line == 9)
  }

  @Test func `not: ready workers, Pools', a parent's or spawntrace's end, exceptions, no main`() {
    let lists = [
      worker(exits: [20]) { list in
        list.open(101, "/dev/null")
        list.exit(101, .status(3))
      },
      worker(exits: [20], stack: Stacks.makingPool(line: 12)) { $0.exit(101) },
      worker(exits: [20]) { list in
        list.signal(101, 15, from: 100)
        list.exit(101, .signal(15))
      },
      worker(exits: [20]) { list in
        list.exit(100)
        list.exit(101)
      },
      // It becomes a daemon: its copy goes on.
      worker(exits: [20]) { list in
        list.fork(101, 102)
        list.exit(101)
      },
      // A worker with a closed standard input opens no other one when it is ready.
      worker { $0.exit(101) },
      worker(exits: [20]) { list in
        list.add(.blinded("no filter"), by: 101)
        list.exit(101)
      },
    ]
    for (index, list) in lists.enumerated() {
      #expect(!list.findings.contains { $0.rule == .neverRan }, "\(index)")
    }
    var unopened = EventList()
    unopened.main(100, "main.py")
    unopened.spawnWorker(100, 101, stack: Stacks.starting(line: 12))
    unopened.exit(101)
    #expect(unopened.findings.isEmpty)
  }

  @Test func `a server that ends before the worker that a client waits for`() throws {
    var list = EventList()
    list.main(100, "main.py")
    list.forkserver(100, 101, at: "/tmp/pymp-x/listener-y")
    list.connect(100, "/tmp/pymp-x/listener-y")
    var open = FileOpen(
      path: "/w/main.py", identity: EventList.identity(of: "/w/main.py"), meaning: .program)
    open.exits = [.init(number: 20, line: "unittest.main()")]
    for _ in 0..<3 { list.add(.opened(open), by: 101) }
    list.exit(101, .status(5))
    let finding = try #require(list.findings.first)
    #expect(finding.rule == .neverRan && finding.culprit?.line == 20)
    #expect(finding.title == "the forkserver ended importing main.py, and ran no task")
  }
}
