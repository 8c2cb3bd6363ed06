import CSpawnTrace
import Glibc
import LinuxProcess
import Testing
import TraceModel

@testable import Tracer

struct InterestTests {
  /// Whether the filter picks a call with these arguments.
  private func isPicked(_ number: Int32?, _ arguments: UInt64...) -> Bool {
    guard let number else { return false }
    let all = arguments + Array(repeating: 0, count: 6 - arguments.count)
    let call = SystemCall(
      number: Int(number), arguments: (all[0], all[1], all[2], all[3], all[4], all[5]),
      threadPointer: nil)
    return Interest.patterns.contains { $0.matches(call) }
  }

  @Test func `opens with the flags of CPython and of musl's C library are picked, and no others`() {
    let flags = UInt64(O_RDONLY | O_CLOEXEC)
    // O_LARGEFILE in the kernel's numbering, which musl's open adds.
    for picked in [flags, flags | 0o100000] {
      #expect(isPicked(SYS_openat, 3, 0x1000, picked))
      #expect(isPicked(CallNumber.open, 0x1000, picked) == (CallNumber.open != nil))
    }
    for other in [O_RDONLY, O_WRONLY | O_CLOEXEC, O_RDONLY | O_CLOEXEC | O_DIRECTORY] {
      #expect(!isPicked(SYS_openat, 3, 0x1000, UInt64(other)))
      #expect(!isPicked(CallNumber.open, 0x1000, UInt64(other)))
    }
  }

  @Test func `addresses that are longer than the Internet's are picked`() {
    for call in [SYS_bind, SYS_connect] {
      #expect(!isPicked(call, 3, 0x1000, UInt64(MemoryLayout<sockaddr_in>.size)))
      #expect(!isPicked(call, 3, 0x1000, UInt64(MemoryLayout<sockaddr_in6>.size)))
      // The family and the path, with its NUL.
      #expect(isPicked(call, 3, 0x1000, UInt64(2 + "/tmp/pymp-1234567/listener-12".utf8.count + 1)))
      #expect(isPicked(call, 3, 0x1000, UInt64(MemoryLayout<sockaddr_un>.size)))
    }
  }

  @Test func `pipes, execs and kills that can prove something are picked`() {
    #expect(isPicked(SYS_pipe2, 0x1000, UInt64(O_CLOEXEC)))
    #expect(!isPicked(SYS_pipe2, 0x1000, UInt64(O_NONBLOCK)))
    #expect(isPicked(SYS_execve) && isPicked(SYS_execveat))
    for (call, index) in [(SYS_kill, 1), (SYS_tkill, 1), (SYS_tgkill, 2)] {
      #expect(index == 1 ? isPicked(call, 5, 9) : isPicked(call, 5, 5, 9))
      #expect(!(index == 1 ? isPicked(call, 5, 15) : isPicked(call, 5, 5, 15)))
    }
    #expect(!isPicked(SYS_read, 0, 0x1000, 1) && !isPicked(SYS_socket))
  }

  @Test func `lines to standard error and messages to the resource tracker are picked`() {
    #expect(isPicked(SYS_write, 2, 0x1000, 1) && isPicked(SYS_write, 2, 0x1000, 4000))
    #expect(!isPicked(SYS_write, 1, 0x1000, 1) && !isPicked(SYS_write, 7, 0x1000, 4000))
    for message in [
      "PROBE:0:noop\n", "REGISTER:/mp-abcd_fgh\n", "UNREGISTER:/mp-abcd_fgh:semaphore\n",
      "REGISTER:/psm_abcdefgh:shared_memory\n", #"{"cmd":"PROBE","rtype":"noop"}"# + "\n",
      #"{"cmd":"REGISTER","rtype":"semaphore","base64_name":"L21wLWFiY2RlZmdo"}"# + "\n",
    ] {
      #expect(isPicked(SYS_write, 7, 0x1000, UInt64(message.utf8.count)), "\(message)")
    }
  }

  @Test
  func `a native stack is wanted if other C code than the standard library's starts a process`() {
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

  @Test func `each call that the filter picks has a meaning, and other calls have none`() {
    for pattern in Interest.patterns {
      #expect(Interest.call(number: pattern.number) != nil, "call \(pattern.number)")
    }
    for number in [Int(SYS_read), Int(SYS_socket), Int(SYS_exit), -1, Int.max] {
      #expect(Interest.call(number: number) == nil, "call \(number)")
    }
  }

  @Test func `signals that mean only that time or a child has passed are not recorded`() {
    for signal in [SIGCHLD, SIGCONT, SIGURG, SIGWINCH, SIGALRM, SIGVTALRM, SIGPROF] {
      #expect(!Interest.isRecorded(signal: signal))
    }
    for signal in [SIGTERM, SIGKILL, SIGSEGV, SIGINT, SIGHUP, SIGUSR1, SIGPIPE, 34, 64] {
      #expect(Interest.isRecorded(signal: signal))
    }
  }
}
