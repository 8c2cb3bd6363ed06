import Glibc
import Input
import TestSupport
import Testing
import TraceModel

@testable import StraceLog

/// The files of `strace -ff`, one for each thread.
struct StraceThreadFilesTests {
  private let folder: ScratchFolder

  init() throws {
    folder = try ScratchFolder()
  }

  private func write(_ files: [Int32: [String]]) throws -> [Int32: String] {
    var paths: [Int32: String] = [:]
    for (thread, lines) in files {
      paths[thread] = try folder.file(
        "log.\(thread)", Array((lines.joined(separator: "\n") + "\n").utf8))
    }
    return paths
  }

  /// The events of some files, each as `StraceText` describes it.
  private func read(
    _ files: [Int32: [String]]
  ) throws -> (said: [String], isOrdered: Bool, unreadFiles: Int) {
    let files = try StraceThreadFiles(write(files))
    var reader = StraceReader()
    var events: [Event] = []
    files.read(with: &reader) { events.append($0) }
    reader.finish { events.append($0) }
    return (StraceText.said(events), files.isOrdered, files.unreadFiles)
  }

  @Test func `the thread is the number behind the last dot of a file's name`() {
    #expect(StraceThreadFiles.thread(ofFile: "/w.1/log.12.345") == 345)
    for path in ["log", "log.", "log.x", "log.-3", "log.0", "log.1x", "log.99999999999"] {
      #expect(StraceThreadFiles.thread(ofFile: path) == nil)
    }
  }

  @Test func `lines with times are merged by them`() throws {
    let read = try read([
      10: [
        #"1669200000.000001 execve("/usr/bin/python3", ["python3", "/w/a.py"], 0x7ffe) = 0"#,
        "1669200000.000002 fork() = 11",
        #"1669200000.000004 openat(AT_FDCWD, "/w/b.py", O_RDONLY|O_CLOEXEC) = 3"#,
        "1669200000.000006 exit_group(0) = ?",
      ],
      11: [
        #"1669200000.000003 openat(AT_FDCWD, "/w/c.py", O_RDONLY|O_CLOEXEC) = 3"#,
        "1669200000.000005 exit_group(1) = ?",
      ],
    ])
    #expect(read.isOrdered)
    #expect(
      read.said == [
        "10 launch by none", "10 exec /usr/bin/python3 /w/a.py script /w/a.py", "11 fork by 10",
        "11 open /w/c.py", "10 open /w/b.py", "11 status(1)", "10 status(0)",
      ])
    #expect(read.unreadFiles == 0)
  }

  private static let replacement: [Int32: [String]] = [
    10: [
      #"execve("/usr/bin/python3", ["python3", "/w/a.py"], 0x7ffe) = 0"#,
      "clone(child_stack=0x7f, flags=CLONE_VM|CLONE_THREAD) = 12",
      "clone(child_stack=0x7f, flags=CLONE_VM|CLONE_THREAD) = 11",
      "futex(0x1, FUTEX_WAIT, 0, NULL) = ?",
      "+++ superseded by execve in pid 11 +++",
      "<... execve resumed>) = 0",
      "clone(child_stack=0x7f, flags=CLONE_VM|CLONE_THREAD) = 14",
      "+++ superseded by execve in pid 14 +++",
      "<... execve resumed>) = 0",
      "exit_group(3) = ?",
    ],
    11: [
      "fork() = 13",
      #"execve("/usr/bin/python3", ["python3", "/w/b.py"], 0x7ffe <pid changed to 10 ...>"#,
    ],
    12: [#"openat(AT_FDCWD, "/w/c.py", O_RDONLY|O_CLOEXEC) = 3"#, "getpid() = 10"],
    13: ["exit_group(0) = ?"],
    14: [#"execve("/usr/bin/python3", ["python3", "/w/d.py"], 0x7ffe <unfinished ...>"#],
  ]

  @Test func `a thread's execve comes before what the leader does afterwards`() throws {
    let read = try read(Self.replacement)
    #expect(
      read.said == [
        "10 launch by none", "10 exec /usr/bin/python3 /w/a.py script /w/a.py", "13 fork by 10",
        "10 exec /usr/bin/python3 /w/b.py script /w/b.py",
        "10 exec /usr/bin/python3 /w/d.py script /w/d.py", "13 status(0)", "10 status(3)",
      ])
  }

  /// Times in whole seconds (-t) leave the order open, too.
  @Test func `equal times don't put the leader before the thread's execve`() throws {
    let read = try read(Self.replacement.mapValues { $0.map { "12:00:00 " + $0 } })
    #expect(read.isOrdered)
    #expect(read.said.filter { $0.contains("exec") }.count == 3)
    #expect(!read.said.contains { $0.hasPrefix("11 ") || $0.hasPrefix("14 ") })
  }

  /// A thread's first line may have an earlier time than the result of the call that created it.
  @Test func `a thread's lines never come before the call that created it`() throws {
    let read = try read([
      10: [
        #"12:00:00.000001 execve("/bin/sh", ["sh"], 0x7ffe) = 0"#,
        "12:00:00.000005 vfork() = 9",
        "12:00:00.000009 exit_group(0) = ?",
      ],
      9: [#"12:00:00.000003 execve("/usr/bin/python3", ["python3", "/w/c.py"], 0x7ffe) = 0"#],
    ])
    #expect(
      read.said == [
        "10 launch by none", "10 exec /bin/sh ", "9 vfork by 10",
        "9 exec /usr/bin/python3 /w/c.py script /w/c.py", "10 status(0)",
      ])
  }

  @Test(arguments: [
    "", "     0.000012 ",
  ])
  func `without times a thread's lines follow its creator's, and the ends come last`(time: String)
    throws
  {
    let read = try read([
      10: [
        time + #"execve("/usr/bin/python3", ["python3", "/w/a.py"], 0x7ffe) = 0"#,
        time + "fork() = 11",
        time + #"openat(AT_FDCWD, "/w/b.py", O_RDONLY|O_CLOEXEC) = 3"#,
        time + "exit_group(0) = ?",
        time + "+++ exited with 0 +++",
      ],
      11: [
        time + #"openat(AT_FDCWD, "/w/c.py", O_RDONLY|O_CLOEXEC) = 3"#,
        time + "exit_group(1) = ?",
      ],
    ])
    #expect(!read.isOrdered)
    #expect(
      read.said == [
        "10 launch by none", "10 exec /usr/bin/python3 /w/a.py script /w/a.py", "11 fork by 10",
        "10 open /w/b.py", "11 open /w/c.py", "11 status(1)", "10 status(0)",
      ])
  }

  @Test func `threads with creators that wait for each other are read all the same`() throws {
    let read = try read([
      10: ["12:00:00 fork() = 11"], 11: ["12:00:01 fork() = 10"],
    ])
    #expect(read.said == ["10 launch by none", "11 fork by 10"])
  }

  @Test func `a file that is gone when it is to be read is counted`() throws {
    let paths = try write([10: ["12:00:00 fork() = 11"], 11: ["12:00:01 exit_group(0) = ?"]])
    let files = try StraceThreadFiles(paths)
    try #require(unlink(folder.file("log.11")) == 0)
    var reader = StraceReader()
    var events: [Event] = []
    files.read(with: &reader) { events.append($0) }
    #expect(StraceText.said(events) == ["10 launch by none", "11 fork by 10"])
    #expect(files.unreadFiles == 1)
  }

  @Test func `a file that can't be opened at first is an error`() throws {
    #expect(throws: InputError.self) {
      _ = try StraceThreadFiles([10: folder.file("log.10")])
    }
  }
}
