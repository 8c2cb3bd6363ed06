internal import Glibc
internal import Testing

@testable internal import LinuxProcess

struct ProcMountTests {
  private func mount(_ status: String) -> ProcMount {
    .found(self: Array(status.utf8))
  }

  @Test func `our own number alone is that of a /proc of ours`() {
    #expect(ProcMount.current == .usable)
    #expect(mount("Name:\tx\nTgid:\t\(getpid())\nNSpid:\t\(getpid())\n") == .usable)
    // Before Linux 4.1.
    #expect(mount("Tgid:\t\(getpid())\n") == .usable)
  }

  @Test func `a number of an outer namespace is foreign, even if it is the same`() {
    #expect(mount("Tgid:\t1\nNSpid:\t1\t\(getpid())\n") == .foreign)
    #expect(mount("Tgid:\t\(getpid())\nNSpid:\t\(getpid())\t\(getpid())\n") == .foreign)
    #expect(mount("Tgid:\t\(getpid() + 1)\n") == .foreign)
    #expect(mount("") == .foreign)
    // There is a proc filesystem, and this process isn't in it.
    #expect(ProcMount.found(self: nil) == .foreign)
  }
}
