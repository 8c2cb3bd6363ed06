import CSpawnTrace
import Glibc
import TestSupport
import Testing
import TraceModel

@testable import LinuxProcess

struct ProcessFolderTests {
  @Test func `this process`() throws {
    let folder = ProcessFolder(ownProcess)
    #expect(folder.exists)
    #expect(folder.executable == destination(ofLink: "/proc/self/exe"))
    #expect(folder.executableStatus == FileStatus(path: "/proc/self/exe"))
    #expect(folder.arguments == CommandLine.arguments)
    #expect(folder.workingDirectory == destination(ofLink: "/proc/self/cwd"))
    #expect(folder.status(of: "/proc") == FileStatus(path: "/proc"))
    #expect(folder.hasThread(ownThread))
    #expect(!folder.hasThread(noThread))
    #expect(folder.threads.contains(callingThread()))
    #expect(folder.threads == folder.threads.sorted())
  }

  @Test func `a process that isn't there`() {
    let folder = ProcessFolder(noProcess)
    #expect(!folder.exists)
    #expect(folder.executable == nil)
    #expect(folder.executableStatus == nil)
    #expect(folder.arguments.isEmpty)
    #expect(folder.environment.isEmpty)
    #expect(folder.workingDirectory == nil)
    #expect(folder.maps == nil)
    #expect(folder.status(of: "/") == nil)
    #expect(folder.threads.isEmpty)
    #expect(folder.descriptors.entries.isEmpty)
  }

  @Test func `the thread that asks runs`() {
    let thread = ThreadFolder(callingThread(), of: ownProcess)
    #expect(thread.state == .running)
    #expect(!thread.name.isEmpty)
    // It reads the file by this call.
    #expect(thread.systemCall?.number == Int(SYS_read))
    #expect(thread.processorTime > .zero)
  }

  @Test func `a thread that isn't there`() {
    let thread = ThreadFolder(noThread, of: ownProcess)
    #expect(thread.state == nil)
    #expect(thread.name.isEmpty)
    #expect(thread.systemCall == nil)
    #expect(thread.processorTime == .zero)
  }

  @Test func `a waiting thread's system call, and lines without one`() throws {
    let line = "61 0xffffffffffffffff 0x7ffc0 0x0 0x1 0x2 0x3 0x7ffd00 0x7f00\n"
    let call = try #require(SystemCall(procLine: Array(line.utf8)))
    #expect(call.number == 61)
    #expect((0..<6).map { call[$0] } == [.max, 0x7ffc0, 0, 1, 2, 3])
    #expect(call.threadPointer == nil)
    for line in ["running\n", "-1 0x7ffd00 0x7f00\n", "", "61 0x0\n"] {
      #expect(SystemCall(procLine: Array(line.utf8)) == nil, "\(line)")
    }
  }

  @Test func `the descriptors of a process: targets and access`() throws {
    let folder = try ScratchFolder()
    let path = try folder.file("data", [1])
    let reading = open(path, O_RDONLY | O_CLOEXEC)
    let writing = open(path, O_WRONLY | O_CLOEXEC)
    defer { [reading, writing].forEach { close($0) } }
    try #require(reading >= 0 && writing >= 0)

    let descriptors = ProcessFolder(ownProcess).descriptors
    #expect(descriptors.target(of: reading) == path)
    #expect(descriptors.entries.contains { $0.number == reading && $0.target == path })
    #expect(descriptors.access(of: reading) == (reads: true, writes: false))
    #expect(descriptors.access(of: writing) == (reads: false, writes: true))
    #expect(descriptors.process(of: reading) == nil)
    #expect(descriptors.polled(by: reading).isEmpty)
    #expect(descriptors.target(of: .max) == nil)
  }

  @Test func `the descriptors of an epoll instance, each once (proc_pid_fdinfo(5))`() {
    let information = """
      pos:\t0
      flags:\t02
      mnt_id:\t10
      tfd:        5 events:       1d data: ffffffffffffffff pos:0 ino:61af sdev:7
      tfd:       12 events:       19 data: 5
      tfd:        5 events:       1d data: 7
      """
    #expect(OpenDescriptors.polled(in: Array(information.utf8)) == [5, 12])
  }

  @Test func `the names in a directory, and none of a file`() throws {
    let folder = try ScratchFolder()
    _ = try folder.file("b", [])
    _ = try folder.file(".a", [])
    #expect(LinuxProcess.entryNames(ofDirectory: folder.path)?.sorted() == [".a", "b"])
    #expect(LinuxProcess.entryNames(ofDirectory: folder.path + "/b") == nil)
    #expect(LinuxProcess.entryNames(ofDirectory: folder.path + "/none") == nil)
  }
}
