import LinuxProcess
import Testing

struct MemoryLimitsTests {
  private func file(_ text: String) -> String? {
    MemoryLimits.file([UInt8](text.utf8), "/sys/fs/cgroup")
  }

  @Test func `version 2 has one hierarchy`() {
    #expect(file("0::/user.slice/a b\n") == "/sys/fs/cgroup/user.slice/a b/memory.events")
    #expect(file("0::/\n") == "/sys/fs/cgroup/memory.events")
  }

  @Test func `version 1 counts in the memory controller's`() {
    #expect(
      file("9:name=systemd:/\n4:cpu,memory:/docker/x:y\n0::/\n")
        == "/sys/fs/cgroup/memory/docker/x:y/memory.oom_control")
  }

  @Test func `nothing else is a cgroup`() {
    #expect(file("") == nil && file("nonsense\n") == nil)
  }

  @Test(arguments: [
    ("low 0\nhigh 3\noom 2\noom_kill 1\n", 1), ("oom_kill_disable 0\nunder_oom 0\noom_kill 7\n", 7),
    ("oom_kill_disable 0\n", nil), ("oom_kill x\n", nil), ("", nil),
  ])
  func `the counter is a line of its own`(text: String, value: Int?) {
    #expect(MemoryLimits.parse([UInt8](text.utf8)) == value)
  }
}
