import Analysis
import Testing
import TraceModel

@testable import Comparison

struct ArgumentPatternTests {
  private static let paths = PathNames(
    ComparedRun(
      RunReport(
        toolVersion: "0", source: .live, command: [], workingDirectory: "/home/me/repo",
        termination: nil, findings: [], processes: [], events: 0),
      environment: .init(values: ["TMPDIR": "/scratch/job7/"])),
    scriptRoot: nil)
  private static let pattern = ArgumentPattern(paths, processes: ["417"])

  @Test(arguments: [
    // Files of the checkout and of libraries.
    ("/home/me/repo/tests/run.py", "tests/run.py"),
    ("--root=/home/me/repo", "--root=."),
    ("/home/me/repository/x", "/home/me/repository/x"),
    ("PATH=/home/me/repo/bin:/home/me/repo/lib", "PATH=bin:lib"),
    // What changes from run to run.
    ("/tmp/tmpk3x_9abq/out.txt", "<tmp>/#"),
    ("/scratch/job7/tmpk3x_9abq", "<tmp>/#"),
    ("/tmp/tmp.aQwErTyUiO", "<tmp>/#"),
    ("/tmp/pytest-of-me/pytest-12/test_a0", "<tmp>/#"),
    ("--parent=417", "--parent=#"), ("417", "#"),
    ("127.0.0.1:45123", "#"), ("--port=45123", "--port=#"),
    ("3f2504e0-4f89-11d3-9a0c-0305e82c3301", "#"),
    ("0x7f3a91c2", "#"), ("run-1a2b3c4d5e6f7081", "run-#"),
    ("2026-11-28T19:06:09", "#"),
    ("--since=2026-11-28T19:06:09.123456+02:00 x", "--since=# x"), ("19:06:09Z", "#"),
    ("eb3f7e77b9704f46bf286aef740f45cb", "#"), ("/tmp/job-kolzcnsd/a.json", "<tmp>/#"),
    // What doesn't.
    ("3.12.1", "3.12.1"), ("v1.2.3-rc1", "v1.2.3-rc1"),
    ("--jobs=4", "--jobs=4"), ("child3.py", "child3.py"), ("-O2", "-O2"), ("sha256", "sha256"),
    ("--mode", "--mode"), ("", ""), ("a feedback", "a feedback"), ("utf8 é 12", "utf8 é 12"),
  ])
  func `an argument without what changes by itself`(argument: String, expected: String) {
    #expect(Self.pattern.pattern(argument) == expected)
  }

  @Test func `what a person has typed keeps its numbers`() {
    let pattern = ArgumentPattern(Self.paths, processes: ["417"], isTyped: true)
    #expect(pattern.pattern("--port=45123") == "--port=45123")
    #expect(pattern.pattern("/tmp/tmpk3x_9abq/out.txt") == "<tmp>/#")
  }
}
