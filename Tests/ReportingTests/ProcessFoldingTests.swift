import Analysis
import Reporting
import Testing
import TraceModel

/// Processes without Python are counted, those that lead to a Python are shown.
struct ProcessFoldingTests {
  /// The tree of programs, each with the number of the process that asked for it.
  private func tree(_ programs: [(name: String, parent: Int?)]) -> String {
    var report = Fixtures.seed()
    report.processes = programs.enumerated().map { index, program in
      var record = ProcessRecord(
        id: index + 1, pid: ProcessID(rawValue: Int32(100 + index)),
        role: program.name == "python" ? .main : .other, startedAt: TraceTime(nanoseconds: 0))
      record.arguments = ["/usr/bin/" + program.name]
      record.logicalParent = program.parent
      record.termination = .status(0)
      return record
    }
    return ProcessTreeText(report, style: TextStyle(color: false, unicode: false)).text.text
  }

  @Test func `the processes of a shim are one line`() {
    let shells = (0..<12).flatMap { [("sh", 1), ("sed", $0 * 2 + 2)] as [(String, Int?)] }
    let text = tree([("bash", nil)] + shells + [("python", 1)])
    #expect(
      text == """
        processes, each below the process that asked for it:
          other /usr/bin/bash, pid 100
          |- 24 processes without Python: sh, sed
          `- main /usr/bin/python, pid 125

        """)
  }

  @Test func `two processes are shown as they are`() {
    let text = tree([("make", nil), ("sh", 1), ("sed", 2), ("python", 1)])
    #expect(text.contains("|- other /usr/bin/sh, pid 101\n  |  `- other /usr/bin/sed, pid 102\n"))
  }

  @Test func `of a chain that leads to a Python the first and the last are shown`() {
    let text = tree(
      [("make", nil), ("sh", 1), ("tox", 2), ("env", 3), ("sh", 4), ("python", 5)])
    #expect(
      text == """
        processes, each below the process that asked for it:
          other /usr/bin/make, pid 100
          `- 3 processes without Python: sh, tox, env
             `- other /usr/bin/sh, pid 104
                `- main /usr/bin/python, pid 105

        """)
  }

  @Test func `a tree without Python is its first process and a count`() {
    let text = tree([("make", nil), ("sh", 1), ("sed", 2), ("cat", 1)])
    #expect(text.contains("  other /usr/bin/make, pid 100\n  `- 3 processes without Python: "))
  }
}
