import Bytes
import Input
import TestSupport
import Testing

@testable import Triage

struct CodeOwnersTests {
  private func owners(_ text: String, of path: String) -> [String] {
    CodeOwners(text.utf8).owners(of: path)
  }

  /// The examples of GitHub's documentation, "About code owners".
  private let example = """
    # This is a comment.
    *       @global-owner1 @global-owner2
    *.js    @js-owner #This is an inline comment.
    *.go docs@example.com
    *.txt @octo-org/octocats
    /build/logs/ @doctocat
    docs/* docs@example.com
    apps/ @octocat
    /docs/ @doctocat
    /scripts/ @doctocat @octocat
    **/logs @octocat
    /apps/ @octocat
    /apps/github
    """

  @Test(arguments: [
    ("README", ["@global-owner1", "@global-owner2"]), ("a/b.js", ["@js-owner"]),
    ("deep/er/main.go", ["docs@example.com"]), ("x.txt", ["@octo-org/octocats"]),
    ("build/logs/a/b", ["@octocat"]), ("a/build/logs.txt", ["@octo-org/octocats"]),
    ("docs/a.md", ["@doctocat"]), ("x/apps/y/z.js", ["@octocat"]),
    ("scripts/a.js", ["@doctocat", "@octocat"]), ("deeply/nested/logs", ["@octocat"]),
    ("deeply/nested/logs/today", ["@octocat"]), ("apps/web/main.go", ["@octocat"]),
    ("apps/github", []), ("apps/github/a.js", []), ("apps/githubs", ["@octocat"]),
  ])
  func `GitHub's example has the owners that its comments say`(path: String, owned: [String]) {
    #expect(owners(example, of: path) == owned)
  }

  @Test(arguments: [
    // Pattern, paths that match, paths that don't.
    ("*", ["a", "a/b"], []),
    ("/*", ["a"], ["a/b"]),
    ("*.py", ["a.py", "a/b.py", "a/.py"], ["a.pyc", "py"]),
    ("/*.py", ["a.py"], ["a/b.py"]),
    ("dir/", ["dir/a", "x/dir/a/b"], ["dir", "adir/a"]),
    ("/dir/", ["dir/a", "dir/b/c"], ["dir", "x/dir/a"]),
    ("dir", ["dir", "dir/a", "x/dir", "x/dir/y"], ["dirs", "adir"]),
    ("/dir", ["dir", "dir/a"], ["x/dir"]),
    ("a/b", ["a/b", "a/b/c"], ["x/a/b", "a/bc"]),
    ("a/*", ["a/b"], ["a/b/c", "a", "x/a/b"]),
    ("a/b/", ["a/b/c"], ["x/a/b/c", "a/b"]),
    ("a/**", ["a/b", "a/b/c"], ["a", "b/a/c"]),
    ("**/a", ["a", "x/a", "x/y/a", "a/b"], ["ab"]),
    ("a/**/z", ["a/z", "a/b/z", "a/b/c/z", "a/b/z/q"], ["b/z", "a/b"]),
    ("**", ["a", "a/b"], []),
    ("/**/x.py", ["x.py", "a/x.py"], ["x.pyc"]),
    ("/a/*/c", ["a/b/c", "a/b/c/d"], ["a/c", "a/b/b/c"]),
    ("a?c", ["abc", "x/abc"], ["ac", "a/c", "abbc"]),
    ("a**z", ["az", "abcz"], ["a/z"]),
    ("test_*.p*", ["test_a.py", "t/test_.p"], ["test_a.txt"]),
    (#"a\ b"#, ["a b", "x/a b"], ["a", "b"]),
    (##"\#a"##, ["#a"], ["a"]),
    (#"a\*"#, ["a*"], ["ab"]),
    ("./a", [], ["b"]),
  ])
  func `a pattern matches as gitignore has it`(
    pattern: String, matching: [String], others: [String]
  ) {
    for path in matching { #expect(owners("\(pattern) @o", of: path) == ["@o"], "\(path)") }
    for path in others { #expect(owners("\(pattern) @o", of: path).isEmpty, "\(path)") }
  }

  @Test func `the last matching line wins, also without owners`() {
    let text = "*.py @a\n/x/ @b\n/x/y.py\n"
    #expect(owners(text, of: "z.py") == ["@a"])
    #expect(owners(text, of: "x/z.py") == ["@b"])
    #expect(owners(text, of: "x/y.py") == [])
  }

  @Test func `white space, comments, line ends and a path's dot don't matter`() {
    let text = "\r\n  # no\r\n\t*.py \t @a\t@b@c.org#x # @d\r\n"
    #expect(owners(text, of: "./a/./b.py") == ["@a", "@b@c.org#x"])
    #expect(owners(text, of: "") == [])
    #expect(owners("", of: "a.py") == [])
  }

  @Test func `a line that isn't understood is skipped`() {
    let text = "*.py @a\n!*.py @b\n*.py word\n/ @c\n"
    #expect(owners(text, of: "a.py") == ["@a"])
  }

  @Test func `sections have default owners, and each one's last line counts`() {
    let text = """
      * @all
      [Backend][2] @backend @lead
      /api/
      *.py @py
      ^[Docs] @docs
      *.md
      [BACKEND] @other
      /web/
      """
    #expect(owners(text, of: "a.txt") == ["@all"])
    #expect(owners(text, of: "api/a.txt") == ["@all", "@backend", "@lead"])
    #expect(owners(text, of: "api/a.py") == ["@all", "@py"])
    #expect(owners(text, of: "web/a.md") == ["@all", "@other", "@docs"])
    // A slash in the middle ties nothing to the root there.
    #expect(owners("[S]\na/b @o\n", of: "x/a/b") == ["@o"])
    #expect(owners("[ab].py @o\n* @p\n", of: "a.py") == ["@p"])
  }

  @Test func `bytes that aren't UTF-8 are owned as others are`() {
    let owners = CodeOwners([UInt8](arrayLiteral: 0x61, 0xff, 0x2a, 0x20, 0x40, 0x62))
    #expect(owners.owners(of: String(exactly: [0x61, 0xff, 0x62])) == ["@b"])
    #expect(owners.owners(of: String(exactly: [0x61, 0xfe, 0x62])) == [])
  }

  @Test func `matching doesn't explode`() {
    let pattern = String(repeating: "*a", count: 60) + "b " + "@o\n"
    let depth = String(repeating: "**/a/", count: 60) + "b @o\n"
    let name = String(repeating: "a", count: 4000)
    let path = String(repeating: "a/", count: 2000) + "a"
    #expect(owners(pattern, of: name) == [])
    #expect(owners(depth, of: path) == [])
    #expect(owners(depth, of: path + "/b") == ["@o"])
  }

  @Test func `a repository's file is found in its usual places`() throws {
    let folder = try ScratchFolder()
    #expect(try OwnersFile.owners(inFolder: folder.path) == nil)
    try folder.write(".gitlab/CODEOWNERS", "* @gitlab")
    #expect(try OwnersFile.owners(inFolder: folder.path)?.owners(of: "a") == ["@gitlab"])
    try folder.write("docs/CODEOWNERS", "* @docs")
    #expect(try OwnersFile.owners(inFolder: folder.path)?.owners(of: "a") == ["@docs"])
    try folder.write(".github/CODEOWNERS", "* @github")
    #expect(try OwnersFile.owners(inFolder: folder.path)?.owners(of: "a") == ["@github"])
    try folder.write("CODEOWNERS", "* @root")
    #expect(try OwnersFile.owners(inFolder: folder.path)?.owners(of: "a") == ["@root"])
    #expect(throws: InputError.self) { try OwnersFile.owners(atPath: folder.file("none")) }
  }
}
