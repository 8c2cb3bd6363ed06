import Testing
import TraceModel

struct PathTests {
  @Test(arguments: [
    ("x.py", "/w", "/w/x.py"),
    ("./x.py", "/w", "/w/x.py"),
    ("a/./b//c/x.py", "/w", "/w/a/b/c/x.py"),
    ("../x.py", "/w/sub", "/w/x.py"),
    ("../../../x.py", "/w", "/x.py"),
    ("a/../b/../x.py", "/w/", "/w/x.py"),
    ("/a/../b/x.py", "/w", "/b/x.py"),
    ("/..", "/w", "/"),
    ("/", "/w", "/"),
    (".", "/w", "/w"),
    ("..", "/w/sub", "/w"),
    ("", "/w", "/w"),
    ("sub/", "/w", "/w/sub"),
    ("x.py", "/", "/x.py"),
    ("...", "/w", "/w/..."),
    (".hidden/..x", "/w", "/w/.hidden/..x"),
    ("naïve/\u{1f40d}.py", "/w", "/w/naïve/\u{1f40d}.py"),
    ("a b/x y.py", "/w w", "/w w/a b/x y.py"),
  ])
  func `an absolute path is what os.path.normpath(os.path.join(directory, path)) gives`(
    path: String, directory: String, expected: String
  ) {
    #expect(path.absolutePath(in: directory) == expected)
  }

  @Test(arguments: [
    ("/w/x.py", "/w", "x.py"),
    ("/w/a/x.py", "/w/", "a/x.py"),
    ("/w2/x.py", "/w", "/w2/x.py"),
    ("/w", "/w", "/w"),
    ("/x.py", "/", "x.py"),
    ("/elsewhere/x.py", "/w", "/elsewhere/x.py"),
    ("x.py", "/w", "x.py"),
  ])
  func `a path as it is seen from a directory`(path: String, directory: String, expected: String) {
    #expect(path.path(relativeTo: directory) == expected)
  }

  @Test(arguments: [
    ("/w/x.py", "/w", "x.py"), ("/x.py", "", "x.py"), ("x.py", "", "x.py"), ("/", "", ""),
    ("/w/", "/w", ""), ("", "", ""), ("a/b/c", "a/b", "c"), ("/w//x", "/w/", "x"),
    ("/é/ü.py", "/é", "ü.py"),
  ])
  func `a path's two parts`(path: String, directory: String, name: String) {
    #expect(path.directory == directory)
    #expect(path.lastPathComponent == name)
  }
}
