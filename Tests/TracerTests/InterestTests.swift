import CSpawnTrace
import Glibc
import LinuxProcess
import Multiprocessing
import Testing
import TraceModel

@testable import Tracer

struct InterestTests {
  @Test("The filter picks opens by the flags that programs are read with, Unix sockets, pipes")
  func patterns() throws {
    func condition(_ number: Int32) throws -> CallPattern.Condition {
      let found = Interest.patterns.filter { $0.number == Int(number) }
      try #require(found.count == 1)
      return found[0].condition
    }
    let flags: [UInt32] = [0o2000000, 0o2100000]
    #expect(try condition(SYS_openat) == .argument(2, isOneOf: flags))
    #expect(try condition(SYS_connect) == .argumentAbove(2, 28))
    #expect(try condition(SYS_bind) == .argumentAbove(2, 28))
    #expect(try condition(SYS_pipe2) == .argument(1, isOneOf: [0o2000000]))
    // sockaddr_in and sockaddr_in6 pass in the kernel; /tmp/pymp-x/listener-y does not.
    #expect(MemoryLayout<sockaddr_in6>.size == 28)
    #if arch(x86_64)
      #expect(try condition(2) == .argument(1, isOneOf: flags))
      #expect(Interest.patterns.count == 11)
    #else
      #expect(Interest.patterns.count == 10)
    #endif
  }

  @Test("The filter picks lines to standard error, and the lengths of what a tracker is told")
  func writes() throws {
    let pattern = try #require(Interest.patterns.first { $0.number == Int(SYS_write) })
    guard case .anyOf(let ways) = pattern.condition, ways.count == 2,
      case .argument(2, isOneOf: let lengths) = ways[1]
    else {
      Issue.record("writes are picked in two ways")
      return
    }
    #expect(ways[0] == .argument(0, isOneOf: [2]))
    for message in [
      "PROBE:0:noop\n", "REGISTER:/mp-abcd_fgh\n", "UNREGISTER:/mp-abcd_fgh:semaphore\n",
      "REGISTER:/psm_abcdefgh:shared_memory\n", #"{"cmd":"PROBE","rtype":"noop"}"# + "\n",
      #"{"cmd":"REGISTER","rtype":"semaphore","base64_name":"L21wLWFiY2RlZmdo"}"# + "\n",
    ] {
      #expect(lengths.contains(UInt32(message.utf8.count)), "\(message)")
    }
  }

  @Test("A native stack is wanted where C code that is not the standard library's starts a process")
  func nativeStacks() {
    func wants(_ paths: String...) -> Bool {
      let frames = paths.map { PythonFrame(path: $0, line: 1, function: "f") }
      return Interest.wantsNativeStack(
        atStart: .read(
          PythonCallStack(version: PythonVersion(major: 3, minor: 13), frames: frames)))
    }
    #expect(!wants("/usr/lib/python3.13/subprocess.py", "/w/main.py"))
    #expect(wants("/w/main.py", "/usr/lib/python3.13/unittest/case.py"))
    #expect(wants("/usr/lib/python3/dist-packages/ext.py"))
    #expect(wants())
    #expect(Interest.wantsNativeStack(atStart: .unreadable("no offsets")))
    #expect(Interest.wantsNativeStack(atStart: nil))
  }

  @Test("What the filter picks is what is made something of")
  func calls() throws {
    for pattern in Interest.patterns { #expect(Interest.call(number: pattern.number) != nil) }
    for number in [0, 20, 60, 61, -1, Int.max] { #expect(Interest.call(number: number) == nil) }
    guard case .open(1, 0) = Interest.call(number: Int(SYS_openat)) else {
      Issue.record("openat has its path behind its directory")
      return
    }
    #if arch(x86_64)
      guard case .open(0, nil) = Interest.call(number: 2) else {
        Issue.record("open has its path first and no directory")
        return
      }
    #endif
  }

  @Test("Signals that mean only that time or a child has passed are not told")
  func signals() {
    for signal in [SIGCHLD, SIGCONT, SIGURG, SIGWINCH, SIGALRM, SIGVTALRM, SIGPROF] {
      #expect(!Interest.isTold(signal: signal))
    }
    for signal in [SIGTERM, SIGKILL, SIGSEGV, SIGINT, SIGHUP, SIGUSR1, SIGPIPE, 34, 64] {
      #expect(Interest.isTold(signal: signal))
    }
  }
}
