import CILog
import Testing
import TraceModel

/// What a log says besides the faults.
struct FactTests {
  @Test func `GitHub's log tells times, roots, commands and the result`() throws {
    let body =
      "##[group]Run python services/cart/worker.py\n"
      + Worker.traceback("/home/runner/work/shop/shop/services/cart/worker.py")
      + "##[error]Process completed with exit code 1.\nCleaning up orphan processes\n"
    let reading = body.prefixed { "2026-03-04T05:06:\(10 + $0 % 50).1230000Z " }.reading
    #expect(reading.firstSeen?.description == "2026-03-04T05:06:10.123Z")
    #expect(reading.lastSeen?.description.hasPrefix("2026-03-04T05:06:") == true)
    #expect(reading.roots == ["/home/runner/work/shop/shop"])
    #expect(reading.commands == ["python services/cart/worker.py"])
    #expect(reading.passed == false)
    #expect(reading.faults.first?.firstSeen != nil)
  }

  @Test(
    arguments: [
      ("Job succeeded\n", true), ("ERROR: Job failed: exit code 1\n", false),
      ("[2026-01-01T00:00:00.000Z] Finished: SUCCESS\n", true), ("Finished: UNSTABLE\n", false),
      ("CircleCI received exit code 0\n", true), ("CircleCI received exit code 1\n", false),
      ("The command \"make\" exited with 1.\nDone. Your build exited with 1.\n", false),
      ("x\nCleaning up orphan processes\n", true),
      ("##[error]Process completed with exit code 1.\nCleaning up orphan processes\n", false),
      ("nothing\n", nil),
    ] as [(String, Bool?)]) func `the result of a job`(_ log: String, _ passed: Bool?)
  {
    #expect(log.reading.passed == passed)
  }

  @Test(
    arguments: [
      ("2026-01-02T03:04:05.1234567Z x\n", "2026-01-02T03:04:05.123Z"),
      ("\u{FEFF}2026-01-02T03:04:05Z x\n", "2026-01-02T03:04:05.000Z"),
      ("[2026-01-02T03:04:05.123+01:00] x\n", "2026-01-02T02:04:05.123Z"),
      ("job\tstep\t2026-01-02T03:04:05.1Z x\n", "2026-01-02T03:04:05.100Z"),
      ("section_start:1767323045:step\r\u{1B}[0Kx\n", "2026-01-02T03:04:05.000Z"),
      ("\u{1B}_bk;t=1767323045123\u{07}x\n", "2026-01-02T03:04:05.123Z"),
      (
        "travis_time:end:0a:start=1,finish=1767323045000000000,duration=1\n",
        "2026-01-02T03:04:05.000Z"
      ),
      ("2026-01-02 03:04:05,123 ERROR x\n", nil), ("2026-13-02T03:04:05Z x\n", nil),
      ("2024-02-29T23:59:59Z x\n", "2024-02-29T23:59:59.000Z"),
    ] as [(String, String?)]) func `stamps`(_ log: String, _ time: String?)
  {
    #expect(log.reading.firstSeen?.description == time)
  }

  @Test(arguments: [
    ("bash: line 1:  4131 Killed                  python main.py\n", LogTrouble.killed),
    ("Error: Process completed with exit code 137.\n", .status137),
    ("##[error]The operation was canceled.\n", .cancelled),
    ("BlockingIOError: [Errno 11] Resource temporarily unavailable\n", .errno11),
    ("OSError: [Errno 12] Cannot allocate memory\n", .errno12),
    ("OSError: [Errno 24] Too many open files\n", .errno24),
    (
      "UserWarning: resource_tracker: There appear to be 1 leaked semaphore objects\n",
      .leakedSemaphore
    ),
    ("RuntimeError: context has already been set\n", .contextAlreadySet),
    ("AssertionError: daemonic processes are not allowed to have children\n", .daemonicChild),
    ("BrokenPipeError: [Errno 32] Broken pipe\n", .brokenPipe), ("EOFError\n", .endOfFile),
    ("EOFError: Ran out of input\n", .ranOutOfInput),
  ]) func `troubles are counted and are no faults`(_ log: String, _ trouble: LogTrouble) {
    let reading = (log + log).reading
    #expect(reading.troubles[trouble] == 2)
    #expect(reading.faults == [])
  }

  @Test(arguments: [
    "    raise EOFError\n", "except BrokenPipeError:\n", "'daemonic processes are not allowed'\n",
    "see 137 tests\n", "KilledError\n",
  ]) func `a statement with a trouble's name is none`(_ line: String) {
    #expect(line.reading.troubles == [:])
  }

  @Test(arguments: [
    "#!/bin/bash -eo pipefail\npython a/main.py\n",
    "2026-01-01T00:00:00.1234567Z Script contents:\n2026-01-01T00:00:00.1234567Z python a/main.py\n",
    "$ python a/main.py\n", "[2026-01-01T00:00:00.123Z] + python a/main.py\n",
    "py312: commands[0]> python a/main.py\n", "##[group]Run python a/main.py\n",
  ]) func `commands`(_ log: String) {
    #expect(log.reading.commands == ["python a/main.py"])
  }

  @Test func `what follows from a fault isn't counted`() {
    let reading = (Worker.traceback() + "BrokenPipeError: [Errno 32] Broken pipe\nEOFError\n")
      .reading
    #expect(reading.troubles == [:])
    #expect(reading.faults.map(\.rule) == ["ST101"])
  }

  @Test(arguments: [
    (
      "Reinitialized existing Git repository in /builds/group/sub/shop/.git/\n",
      "/builds/group/sub/shop"
    ),
    ("Working directory is 'D:\\a\\shop\\shop'\n", "D:\\a\\shop\\shop"),
    (
      "Running on agent-3 in /var/lib/jenkins/workspace/shop@2\n",
      "/var/lib/jenkins/workspace/shop@2"
    ),
    ("rootdir: /srv/shop, configfile: pytest.ini\n", "/srv/shop"),
  ]) func `roots`(_ log: String, _ root: String) {
    #expect(log.reading.roots == [root])
  }

  @Test(arguments: [
    "/home/runner/work/R/R", "/Users/runner/work/R/R", "D:\\a\\R\\R", "/__w/R/R",
    "/home/vsts/work/1/s", "D:\\a\\1\\s", "/root/project", "/home/circleci/project",
    "/home/travis/build/O/R", "C:\\projects\\shop",
  ]) func `the checkout that a frame lies in`(_ root: String) {
    let separator = root.contains("\\") ? "\\" : "/"
    #expect(Worker.traceback(root + separator + "main.py").reading.roots == [root])
  }

  @Test(arguments: ["/builds/G/R", "/var/jenkins/workspace/JOB@2"])
  func `a checkout of unknown depth is no root`(_ root: String) {
    #expect(Worker.traceback(root + "/main.py").reading.roots == [])
  }

  @Test func `the banner of pytest has the whole version`() {
    let log = "platform linux -- Python 3.8.18, pytest-8.0.0, pluggy-1.4.0\n" + Worker.traceback()
    #expect(log.reading.faults.first?.python?.description == "3.8.18")
    let other = "platform linux -- Python 3.12.1, pytest-8.0.0\n" + Worker.traceback()
    #expect(other.reading.faults.first?.python?.description == "3.8")
  }

  @Test func `binary, patches and programs are told from logs`() {
    #expect(LogRecognition([0x7F, 0x45, 0x4C, 0x46, 0, 0, 1]) == .binary)
    #expect(LogRecognition("diff --git a/x b/x\n".utf8) == .document)
    #expect(LogRecognition("# comment\nimport os\n".utf8) == .document)
    #expect(LogRecognition("2026-01-01T00:00:00Z import os failed\n".utf8) == .text)
    #expect(LogRecognition("\u{1B}[0Ksection_start:1:x\r\n".utf8) == .text)
    #expect(LogRecognition([0xFF, 0xFE, 0x41, 0]) == .text)
    #expect(LogRecognition([]) == .text)
  }
}
