import Testing
import TraceModel

struct EnvironmentDigestTests {
  private func digest(_ entries: String...) -> EnvironmentDigest {
    EnvironmentDigest(entries: entries)
  }

  @Test func `order is nothing, each variable and each value is something`() {
    #expect(digest("A=1", "B=2") == digest("B=2", "A=1"))
    #expect(digest("A=1", "B=2") != digest("A=1", "B=3"))
    #expect(digest("A=1") != digest("A=1", "B="))
    #expect(digest("A=12", "B=3") != digest("A=1", "B=23"))
    #expect(digest("A=1", "B=2") != digest("A=2", "B=1"))
    #expect(digest("A=1", "A=1") != digest("A=1"))
  }

  @Test(arguments: ["_=/usr/bin/env", "SHLVL=3", "PWD=/w", "OLDPWD=/", "MAKELEVEL=2"])
  func `what shells and make count is nothing`(entry: String) {
    #expect(digest("A=1", entry) == digest("A=1"))
    #expect(digest("A=1", "X" + entry) != digest("A=1"))
  }

  @Test func `a block of /proc is the same as its entries; the text is read back`() {
    #expect(EnvironmentDigest(block: Array("A=1\0B=2\0".utf8)) == digest("A=1", "B=2"))
    #expect(EnvironmentDigest(block: []) == digest())
    let value = digest("A=1")
    #expect(value.description.utf8.count == 16)
    #expect(EnvironmentDigest(value.description) == value)
    #expect(EnvironmentDigest("xyz") == nil)
  }
}
