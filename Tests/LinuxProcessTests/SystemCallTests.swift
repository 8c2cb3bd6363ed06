import CSpawnTrace
import Glibc
import LinuxProcess
import Testing

struct SystemCallTests {
  private func call(_ number: Int32, _ first: UInt64 = 0) -> SystemCall {
    SystemCall(number: Int(number), arguments: (first, 1, 2, 3, 4, 5), threadPointer: nil)
  }

  @Test
  func `the flags of a clone show whether it creates a thread; those of clone3 are in memory`() {
    // pthread_create(3) of glibc and musl: CLONE_VM | CLONE_FS | ... | CLONE_THREAD.
    #expect(call(SYS_clone, 0x3d0f00).createsThread == true)
    #expect(call(SYS_clone, UInt64(SIGCHLD)).createsThread == false)
    #expect(call(SYS_clone3, 0x3d0f00).createsThread == nil)
    #expect(call(SYS_read).createsThread == nil)
    for number in [CallNumber.fork, CallNumber.vfork].compactMap(\.self) {
      #expect(call(number, 0x3d0f00).createsThread == false)
    }
  }

  @Test func `calls are equal by number and arguments, not by the thread that makes them`() {
    let other = SystemCall(number: 3, arguments: (7, 1, 2, 3, 4, 5), threadPointer: 9)
    #expect(call(3, 7) == other)
    #expect(call(3, 8) != other)
    #expect(call(4, 7) != other)
  }

  @Test func `calls that run another program`() {
    #expect(call(SYS_execve).isExecute && call(SYS_execveat).isExecute)
    #expect(!call(SYS_read).isExecute)
  }

  @Test func `calls in which programs wait, by number`() {
    #expect(BlockingCall(number: Int(SYS_read))?.name == "read")
    #expect(BlockingCall(number: Int(SYS_read))?.form == .read(descriptor: 0))
    #expect(BlockingCall(number: Int(SYS_futex))?.form == .futex)
    #expect(BlockingCall(number: Int(SYS_getpid)) == nil)
    #expect(BlockingCall(number: -1) == nil)
  }
}
