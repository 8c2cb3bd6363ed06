import CSpawnTrace
import Glibc
import LinuxProcess
import TestSupport
import Testing
import TraceModel

@testable import Tracer

/// Waits of this process, which reads itself: its descriptors, its mappings and its memory are
/// real.
struct WaitReaderTests {
  private static let process = ProcessID(rawValue: getpid())

  private func wait(_ number: Int32, _ arguments: UInt64...) -> Wait {
    let all = arguments + Array(repeating: 0, count: 6 - arguments.count)
    let call = SystemCall(
      number: Int(number), arguments: (all[0], all[1], all[2], all[3], all[4], all[5]),
      threadPointer: nil)
    return WaitReader([Self.process]).wait(in: call, Self.process.firstThread, of: Self.process)
  }

  private func address(_ pointer: UnsafeRawPointer?) -> UInt64 {
    UInt64(UInt(bitPattern: pointer))
  }

  /// Two descriptors of a pipe: for reading, and for writing.
  private func pipe() throws -> [Int32] {
    var ends: [Int32] = [-1, -1]
    try #require(Glibc.pipe(&ends) == 0)
    return ends
  }

  @Test func `reading and writing a pipe; a process with both ends waits for itself`() throws {
    let ends = try pipe()
    defer { ends.forEach { close($0) } }
    let name = try #require(destination(ofLink: "/proc/self/fd/\(ends[0])"))
    #expect(
      wait(SYS_read, UInt64(ends[0]))
        == Wait(
          call: "read",
          objects: [WaitObject(kind: .pipeToRead, name: name, processes: [Self.process])]))
    #expect(
      wait(SYS_writev, UInt64(ends[1]))
        == Wait(
          call: "writev",
          objects: [WaitObject(kind: .pipeToWrite, name: name, processes: [Self.process])]))
  }

  @Test func `a socket, a file, and a descriptor that isn't open`() throws {
    var ends: [Int32] = [-1, -1]
    try #require(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0)
    defer { ends.forEach { close($0) } }
    #expect(wait(SYS_recvfrom, UInt64(ends[0])).objects.map(\.kind) == [.socket])
    let file = open("/dev/null", O_RDWR | O_CLOEXEC)
    try #require(file >= 0)
    defer { close(file) }
    #expect(
      wait(SYS_write, UInt64(file)).objects == [WaitObject(kind: .file, name: "/dev/null")])
    #expect(wait(SYS_read, UInt64(Int32.max)).objects == [WaitObject(kind: .file)])
  }

  @Test func `a child, or one of several`() {
    let child = ProcessID(rawValue: 77)
    #expect(
      wait(SYS_wait4, 77)
        == Wait(call: "wait4", objects: [WaitObject(kind: .child, processes: [child])]))
    #expect(
      wait(SYS_wait4, UInt64(bitPattern: -1)).objects == [WaitObject(kind: .child)])
    #expect(
      wait(SYS_waitid, UInt64(P_PID.rawValue), 77).objects
        == [WaitObject(kind: .child, processes: [child])])
    #expect(
      wait(SYS_waitid, UInt64(P_ALL.rawValue)).objects == [WaitObject(kind: .child)])
  }

  @Test func `a lock of the process's own, with and without a timeout`() {
    let memory = UnsafeMutableRawPointer.allocate(byteCount: 8, alignment: 8)
    defer { memory.deallocate() }
    #expect(
      wait(SYS_futex, address(memory))
        == Wait(call: "futex", objects: [WaitObject(kind: .lock)]))
    #expect(wait(SYS_futex, address(memory), 0, 0, 0x1000).isTimed)
  }

  @Test func `a semaphore in memory that is mapped from a file`() throws {
    let folder = try ScratchFolder()
    let path = try folder.file("semaphore", [UInt8](repeating: 0, count: 4096))
    let file = open(path, O_RDWR | O_CLOEXEC)
    try #require(file >= 0)
    defer { close(file) }
    let memory = try #require(
      mmap(nil, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0))
    try #require(memory != MAP_FAILED)
    defer { munmap(memory, 4096) }
    #expect(
      wait(SYS_futex, address(memory + 64)).objects
        == [WaitObject(kind: .semaphore, name: path, processes: [Self.process])])
  }

  @Test func `the descriptors of a poll, without those that are left out`() throws {
    let ends = try pipe()
    defer { ends.forEach { close($0) } }
    let entries = [
      pollfd(fd: ends[0], events: Int16(POLLIN), revents: 0),
      pollfd(fd: -1, events: Int16(POLLIN), revents: 0),
      pollfd(fd: ends[1], events: Int16(POLLOUT), revents: 0),
    ]
    entries.withUnsafeBytes { entries in
      let wait = wait(SYS_ppoll, address(entries.baseAddress), 3)
      #expect(wait.objects.map(\.kind) == [.pipeToRead, .pipeToWrite])
      #expect(!wait.isTimed)
      #expect(self.wait(SYS_ppoll, address(entries.baseAddress), 3, 0x1000).isTimed)
    }
    // Memory that can't be read.
    #expect(wait(SYS_ppoll, 8, 3).objects.isEmpty)
  }

  @Test func `the descriptors of a select`() throws {
    let ends = try pipe()
    defer { ends.forEach { close($0) } }
    func set(_ descriptor: Int32) -> [UInt64] {
      var words = [UInt64](repeating: 0, count: 16)
      words[Int(descriptor) / 64] |= 1 << UInt64(descriptor % 64)
      return words
    }
    try #require(ends.allSatisfy { $0 < 1024 })
    set(ends[0]).withUnsafeBytes { reading in
      set(ends[1]).withUnsafeBytes { writing in
        let wait = wait(
          SYS_pselect6, 1024, address(reading.baseAddress), address(writing.baseAddress))
        #expect(wait.objects.map(\.kind) == [.pipeToRead, .pipeToWrite])
        // The number limits the descriptors.
        #expect(self.wait(SYS_pselect6, 0, address(reading.baseAddress)).objects.isEmpty)
      }
    }
  }

  @Test func `time, signals, a vfork's child, and calls that aren't known to wait`() {
    #expect(
      wait(SYS_clock_nanosleep)
        == Wait(call: "clock_nanosleep", objects: [WaitObject(kind: .time)], isTimed: true))
    #expect(
      wait(SYS_rt_sigsuspend)
        == Wait(call: "rt_sigsuspend", objects: [WaitObject(kind: .signal)]))
    #expect(wait(SYS_rt_sigtimedwait, 0, 0, 0x1000).isTimed)
    #expect(!wait(SYS_rt_sigtimedwait, 0, 0, 0).isTimed)
    #expect(wait(SYS_clone3).objects == [WaitObject(kind: .child)])
    #expect(wait(5000) == Wait(call: "system call 5000", objects: []))
  }
}
