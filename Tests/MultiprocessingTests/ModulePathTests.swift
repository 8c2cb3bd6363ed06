import Multiprocessing
import Testing

struct ModulePathTests {
  @Test(arguments: [
    ("/w/__pycache__/tool.cpython-313.pyc", "/w/tool.py"),
    ("/w/__pycache__/tool.cpython-313.opt-2.pyc", "/w/tool.py"),
    ("/w/__pycache__/tool.cpython-313.pyc.140234", "/w/tool.py"),
    ("/w/__pycache__/a.b.cpython-313.pyc", "/w/a.b.py"),
    ("__pycache__/tool.cpython-313.pyc", "tool.py"),
    ("/__pycache__/tool.cpython-313.pyc", "/tool.py"),
    ("/w/tool.pyc", "/w/tool.py"),
    ("tool.pyc", "tool.py"),
  ])
  func `a cached module has its source beside it or above`(path: String, source: String) {
    #expect(path.possibleSourcesOfCachedModule == [source])
  }

  @Test func `below another folder the source's path is repeated`() {
    #expect(
      "/cache/home/w/tool.cpython-313.pyc".possibleSourcesOfCachedModule == [
        "/cache/home/w/tool.cpython-313.py", "/home/w/tool.py", "/w/tool.py",
      ])
  }

  @Test(arguments: [
    "/w/tool.py", "/w/tool.pyc.d/file", "/w/tool.pycx", "", "/", "/w/tool.pyc.1x", ".17",
  ])
  func `other files cache nothing`(path: String) {
    #expect(path.possibleSourcesOfCachedModule == [])
  }

  @Test(arguments: [".pyc", "/.pyc", "..pyc", "/w/__pycache__/.pyc", "/x/.opt-1.pyc"])
  func `an odd name is no error`(path: String) {
    #expect(path.possibleSourcesOfCachedModule.allSatisfy { $0.hasSuffix(".py") })
  }
}
