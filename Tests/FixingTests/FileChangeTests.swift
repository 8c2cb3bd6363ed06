import Bytes
import Diagnostics
import Fixing
import Testing
import TraceModel

/// What a file becomes, as hunks, edits and a diff.
struct FileChangeTests {
  private func change(_ old: String, _ new: String) -> FileChange {
    FileChange(path: "/w/a.py", from: Array(old.utf8), to: Array(new.utf8))
  }

  private func diff(_ old: String, _ new: String) -> String {
    UnifiedDiff([change(old, new)], root: "/w").text
  }

  @Test func `a change has three lines around it`() {
    #expect(
      diff("1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nfive\n6\n7\n8\n9\n") == """
        --- a/a.py
        +++ b/a.py
        @@ -2,7 +2,7 @@
         2
         3
         4
        -5
        +five
         6
         7
         8

        """)
  }

  @Test func `changes that are near are one hunk, others are two`() {
    let old = (1...30).map { "\($0)\n" }
    var new = old
    new[3] = "four\n"
    new[10] = "eleven\n"
    #expect(change(old.joined(), new.joined()).hunks.map(\.startLine) == [1])
    new[10] = old[10]
    new[11] = "twelve\n"
    let change = change(old.joined(), new.joined())
    #expect(change.hunks.map(\.startLine) == [1, 9])
    #expect(change.edits.map(\.startLine) == [4, 12])
    #expect(change.edits.map(\.endLine) == [4, 12])
    #expect(change.edits.map(\.replacement) == ["four\n", "twelve\n"])
  }

  @Test func `what is inserted has an empty range`() {
    let change = change("a\nb\n", "a\nnew\nb\n")
    #expect(change.edits.map(\.startLine) == [2])
    #expect(change.edits.map(\.endLine) == [1])
    #expect(diff("", "new\n").contains("@@ -0,0 +1 @@\n+new\n"))
  }

  @Test func `a last line without a line feed is marked`() {
    #expect(
      diff("a\nb", "a\nc").hasSuffix(
        "-b\n\\ No newline at end of file\n+c\n\\ No newline at end of file\n"))
  }

  @Test func `names of odd files are quoted as git does`() {
    var change = change("a\n", "b\n")
    change.path = "/w/my \"file\"\n.py"
    #expect(UnifiedDiff([change], root: "/w").text.hasPrefix("--- \"a/my \\\"file\\\"\\n.py\"\n"))
    change.path = "/w/my file.py"
    #expect(
      UnifiedDiff([change], root: "/w/").text.hasPrefix("--- a/my file.py\t\n+++ b/my file.py\t\n"))
  }

  @Test func `bytes that are no UTF-8 are kept`() {
    let change = FileChange(path: "/w/a.py", from: [0xe9, 0x0a], to: [0x20, 0xe9, 0x0a])
    #expect(UnifiedDiff([change], root: "/w").text.exactBytes.contains(0xe9))
  }
}
