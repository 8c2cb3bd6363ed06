import Analysis
import Testing
import TraceModel

@testable import Comparison

struct PathNamesTests {
  private func run(_ directory: String, script: String, checkout: String? = nil) -> ComparedRun {
    var process = ProcessRecord(
      id: 1, pid: ProcessID(rawValue: 10), role: .main, startedAt: .zero)
    process.script = Script(
      path: script, identity: nil, runsAs: "__main__", evidence: .declared)
    var report = RunReport(
      toolVersion: "0", source: .live, command: [], workingDirectory: directory, termination: nil,
      findings: [], processes: [process], events: 0)
    report.checkout = checkout
    return ComparedRun(report)
  }

  @Test func `a file has one name in two checkouts`() {
    let (good, bad) = PathNames.pair(
      run("/w/one", script: "/w/one/main.py"), run("/w/two", script: "/w/two/main.py"))
    #expect(good.name("/w/one/pkg/a.py") == "pkg/a.py" && bad.name("/w/two/pkg/a.py") == "pkg/a.py")
  }

  @Test func `the checkout counts where the run began in a folder of it`() {
    let (good, bad) = PathNames.pair(
      run("/w/one/tests", script: "/w/one/tests/main.py", checkout: "/w/one"),
      run("/b/R", script: "/b/R/tests/main.py"))
    #expect(good.name("/w/one/tests/main.py") == "main.py")
    #expect(good.name("/w/one/lib/a.py") == "lib/a.py" && bad.name("/b/R/lib/a.py") == "lib/a.py")
  }

  @Test func `runs that began elsewhere are told by what their scripts have in common`() {
    let (good, bad) = PathNames.pair(
      run("/", script: "/x/good/repo/main.py"), run("/", script: "/x/bad/repo/main.py"))
    #expect(good.name("/x/good/repo/a.py") == "repo/a.py")
    #expect(bad.name("/x/bad/repo/a.py") == "repo/a.py")
  }

  @Test func `a library's file has one name in all interpreters`() {
    let (good, bad) = PathNames.pair(
      run("/w", script: "/w/main.py"), run("/w", script: "/w/main.py"))
    #expect(good.name("/usr/lib/python3.8/site-packages/p/a.py") == "p/a.py")
    #expect(bad.name("/opt/lib/python3.14/unittest/case.py") == "unittest/case.py")
  }
}
