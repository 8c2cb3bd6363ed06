import Analysis
import Diagnostics
import TestSupport
import Testing
import TraceModel

/// The statement that is blamed: the innermost module-level one of the user's code between the
/// start and the frame that prepares the worker.
struct CulpritTests {
  private func finding(
    _ between: [PythonFrame], start: [PythonFrame] = Stacks.start(), directory: String = "/w"
  ) throws -> Finding {
    var list = EventList()
    list.directory = directory
    list.main(100, "main.py")
    list.spawnWorker(100, 101)
    list.open(
      101, Stacks.spawnModule, stack: Stacks.read(start, between, Stacks.boot()))
    return try #require(list.findings.first)
  }

  @Test func `a module that the guarded script imports`() throws {
    let helper = Stacks.frame("/w/helper.py", 8, "<module>", module: "helper")
    let main = Stacks.main(4, "import helper")
    let finding = try finding([helper] + Stacks.importingHelper + [main])
    #expect(finding.culprit?.path == "/w/helper.py")
    #expect(finding.culprit?.line == 8)
    #expect(finding.callSite == finding.culprit)
    // The script is run again all the same.
    #expect(finding.script?.path == "/w/main.py")
    #expect(finding.title == "main.py is run again by each worker that it starts")
  }

  @Test func `a function of a helper that is called at the margin of the script`() throws {
    let call = Stacks.frame("/w/helper.py", 20, "work")
    let outer = Stacks.frame("/w/helper.py", 30, "main")
    let finding = try finding([call, outer, Stacks.main(9)])
    #expect(finding.culprit?.path == "/w/main.py")
    #expect(finding.culprit?.line == 9)
    #expect(finding.callSite?.line == 20)
  }

  @Test
  func `the user's statement, not the package's that it calls, nor that package's own imports`()
    throws
  {
    let folder = "/w/.venv/lib/python3.13/site-packages/lib"
    let inner = Stacks.frame(folder + "/engine.py", 50, "<module>", module: "lib.engine")
    let helper = Stacks.frame("/w/helper.py", 3, "<module>", module: "helper")
    let finding = try finding([inner] + Stacks.importingHelper + [helper, Stacks.main(1)])
    #expect(finding.culprit?.path == "/w/helper.py")
    #expect(finding.callSite?.path == "/w/helper.py")
  }

  @Test func `a package if nothing of the user's is left: a console script of its own`() throws {
    let folder = "/w/.venv/lib/python3.13/site-packages/lib"
    let call = Stacks.frame(folder + "/engine.py", 50, "run")
    let main = Stacks.frame(folder + "/cli.py", 7, "<module>", module: "__mp_main__")
    let finding = try finding([call, main])
    #expect(finding.culprit?.path == folder + "/cli.py")
    #expect(finding.culprit?.line == 7)
    #expect(finding.callSite?.path == folder + "/engine.py")
    #expect(finding.script?.path == folder + "/cli.py")
    #expect(finding.title == "cli.py is run again by each worker that it starts")
  }

  @Test func `the innermost frame of the user's code if no module's statement is seen`() throws {
    let call = Stacks.frame("/w/helper.py", 20, "work")
    let finding = try finding([call, Stacks.frame("/w/helper.py", 30, "main")])
    #expect(finding.culprit?.line == 20)
    #expect(finding.callSite?.line == 20)
  }

  @Test func `the standard library's own frames if nothing else is left`() throws {
    let pool = Stacks.library + "/multiprocessing/context.py"
    let finding = try finding([])
    #expect(finding.culprit?.path == "<frozen runpy>")
    #expect(finding.callSite?.path == "<frozen runpy>")
    #expect(finding.stack.contains { $0.path == pool })
  }

  @Test func `frames outside of the preparation, and inside of the start, are not examined`() throws
  {
    let inside = Stacks.frame("/w/hook.py", 1, "<module>", module: "hook")
    let outside = Stacks.frame("/w/sitecustomize.py", 2, "<module>", module: "sitecustomize")
    var list = EventList()
    list.main(100, "main.py")
    list.spawnWorker(100, 101)
    list.open(
      101, Stacks.spawnModule,
      stack: Stacks.read(
        [inside], Stacks.start(), [Stacks.main(6)], Stacks.boot(), [outside]))
    let finding = try #require(list.findings.first)
    #expect(finding.culprit?.path == "/w/main.py")
    #expect(finding.callSite?.path == "/w/main.py")
  }

  @Test func `relative paths start from the worker's directory`() throws {
    let helper = Stacks.frame("lib/../helper.py", 3, "work")
    let main = Stacks.main(6, path: "./main.py")
    let finding = try finding([helper, main], directory: "/w/project")
    #expect(finding.culprit?.path == "/w/project/main.py")
    #expect(finding.callSite?.path == "/w/project/helper.py")
    #expect(finding.stack.last?.path == "<string>")
    #expect(finding.stack.first?.path == "<frozen importlib._bootstrap_external>")
  }

  @Test func `a statement with an unknown line is blamed without one`() throws {
    let finding = try finding([Stacks.frame("/w/main.py", nil, "<module>", module: "__mp_main__")])
    #expect(finding.culprit?.path == "/w/main.py")
    #expect(finding.culprit?.line == nil)
  }

  @Test func `the script is the outermost user's module if no name was read`() throws {
    let helper = Stacks.frame("/w/helper.py", 8, "<module>")
    let finding = try finding(
      [helper] + Stacks.importingHelper + [Stacks.frame("/w/main.py", 4, "<module>")])
    #expect(finding.script?.path == "/w/main.py")
    #expect(finding.culprit?.path == "/w/helper.py")
  }
}
