import Testing
import TraceModel

@testable import StraceLog

/// The same run, in every form in which strace writes lines.
struct StraceFormTests {
  private static let said = [
    "10 launch by none",
    "10 exec /usr/bin/python3 /w/main.py script /w/main.py",
    "11 vfork by 10",
    "11 exec /usr/bin/python3 -c pass",
    "11 signal 15 from 10",
    "11 signal(15)",
    "10 status(3)",
  ]

  /// Each line's thread and what stands behind the prefix.
  private static let lines: [(Int, String)] = [
    (10, #"execve("/usr/bin/python3", ["python3", "/w/main.py"], 0x7ffe /* 3 vars */) = 0"#),
    (10, "brk(NULL)                         = 0x55d0c7a3a000"),
    (10, "vfork( <unfinished ...>"),
    (
      11,
      #"execve("/usr/bin/python3", ["python3", "-c", "pass"], 0x7ffe /* 3 vars */ <unfinished ...>"#
    ),
    (10, "<... vfork resumed>)              = 11"),
    (11, "<... execve resumed>)             = 0"),
    (10, "kill(11, SIGTERM)                 = 0"),
    (11, "--- SIGTERM {si_signo=SIGTERM, si_code=SI_USER, si_pid=10, si_uid=0} ---"),
    (11, "+++ killed by SIGTERM +++"),
    (10, "--- SIGCHLD {si_signo=SIGCHLD, si_code=CLD_KILLED, si_pid=11, si_uid=0} ---"),
    (10, "exit_group(3)                     = ?"),
    (10, "+++ exited with 3 +++"),
  ]

  enum Form: CaseIterable {
    case number, paddedNumber, bracket, named, day, microseconds, epoch, delta, deltaInBracket
    case epochAndDelta, instruction, callNumber, oldSpacing, carriageReturn

    func line(_ thread: Int, _ text: String, _ index: Int) -> String {
      switch self {
      case .number: "\(thread) \(text)"
      case .paddedNumber: "\(thread)    \(text)"
      case .bracket: "[pid    \(thread)] \(text)"
      case .named: "\(thread)<python3 <x>> \(text)"
      case .day: "\(thread) 23:59:0\(index % 10) \(text)"
      case .microseconds: "\(thread) 12:00:00.00010\(index % 10) \(text)"
      case .epoch: "\(thread) 1669200000.00010\(index % 10) \(text)"
      case .delta: "\(thread)      0.000012 \(text)"
      case .deltaInBracket: "[pid \(thread)]      0.000012 \(text)"
      case .epochAndDelta: "\(thread) 1669200000.000104 (+     0.000012) \(text)"
      case .instruction: "\(thread) [00007f2751440000] \(text)"
      case .callNumber: "\(thread) [  59] [????????????????] \(text)"
      case .oldSpacing: "\(thread) \(text.replacing("resumed>)", with: "resumed> )"))"
      case .carriageReturn: "\(thread) \(text)\r"
      }
    }
  }

  @Test(arguments: Form.allCases, [1, 7, .max])
  func `every form is read`(form: Form, pieces: Int) {
    let log = Self.lines.enumerated().map { form.line($1.0, $1.1, $0) }
    let read = StraceText(log.joined(separator: "\n") + "\n", pieces: pieces)
    #expect(read.said == Self.said)
    #expect(read.damagedLines == 0)
    #expect(read.hasEnd)
  }

  /// In a terminal the command has no number until another process runs.
  @Test func `the root has no number until it has company`() {
    let read = StraceText(
      """
      execve("/usr/bin/python3", ["python3", "/w/main.py"], 0x7ffe /* 3 vars */) = 0
      vfork(strace: Process 11 attached
       <unfinished ...>
      [pid    11] execve("/usr/bin/python3", ["python3", "-c", "pass"], 0x7ffe /* 3 vars */ <unfinished ...>
      [pid    10] <... vfork resumed>)        = 11
      [pid    11] <... execve resumed>)       = 0
      [pid    11] exit_group(0)               = ?
      [pid    11] +++ exited with 0 +++
      --- SIGCHLD {si_signo=SIGCHLD, si_code=CLD_EXITED, si_pid=11, si_uid=0, si_status=0} ---
      exit_group(3)                           = ?
      +++ exited with 3 +++

      """)
    #expect(
      read.said == [
        "0 launch by none",
        "0 exec /usr/bin/python3 /w/main.py script /w/main.py",
        "11 vfork by 0", "11 exec /usr/bin/python3 -c pass", "11 status(0)", "0 status(3)",
      ])
    #expect(read.hasEnd)
  }

  @Test func `times are those since the first line`() {
    let call = #"execve("/bin/true", ["true"], 0x7ffe /* 3 vars */) = 0"#
    let times: [([String], UInt64)] = [
      (["23:59:59", "00:00:01"], 2_000_000_000),
      (["12:00:00.000100", "12:00:00.000350"], 250_000),
      (["1669200000.000000001", "1669200001.500000001"], 1_500_000_000),
      (["     0.000000", "     0.125000"], 125_000_000),
    ]
    for (pair, nanoseconds) in times {
      let read = StraceText("7 \(pair[0]) \(call)\n7 \(pair[1]) exit_group(0) = ?\n")
      #expect(read.events.last?.time.nanoseconds == nanoseconds, "\(pair)")
    }
  }

  /// The program and strace write to the same terminal.
  @Test func `a program's own text is skipped and counted`() {
    let read = StraceText(
      """
      [pid    10] execve("/bin/true", ["true"], 0x7ffe /* 3 vars */) = 0
      hello (world) = 3
      [pid    10] write(1, ".", 1.)                = 1
      ..[pid    10] exit_group(0)               = ?
      ) = 6

      """)
    #expect(read.said == ["10 launch by none", "10 exec /bin/true ", "10 status(0)"])
    #expect(read.damagedLines == 1)
  }
}
