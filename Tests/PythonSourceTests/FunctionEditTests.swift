import PythonSource
import Testing

/// A module's statements in a function.
struct FunctionEditTests {
  @Test func `the statement and all below it move into a function`() {
    let text = """
      import multiprocessing

      def work(x): return x

      # Starts them.
      with multiprocessing.Pool(2) as pool:
          results = pool.map(work, [1])


      def other():
          return results

      results.append(1)

      """
    #expect(
      functionEdited(text, line: 7) == """
        import multiprocessing

        def work(x): return x


        def other():
            return results


        def start_workers():
            global pool, results
            # Starts them.
            with multiprocessing.Pool(2) as pool:
                results = pool.map(work, [1])

            results.append(1)

        """)
    #expect(functionDoubts(text, line: 7).last == .bindsLater(names: ["pool", "results"]))
  }

  @Test func `nothing is global if nothing is bound`() {
    let text = "def f(): pass\n\n\nf()\n"
    #expect(
      functionEdited(text, line: 4) == "def f(): pass\n\n\ndef start_workers():\n    f()\n")
    #expect(functionDoubts(text, line: 4).isEmpty)
  }

  @Test func `the edit says what the function is and binds`() {
    let file = PythonFile(Array("start_workers = start_workers_2 = p()\n".utf8))
    guard case .edit(let module) = file.functionEdit(forLine: 1) else {
      Issue.record("there is no edit")
      return
    }
    #expect(module.function == "start_workers_3")
    #expect(
      module.names.map { String(decoding: $0, as: UTF8.self) } == [
        "start_workers", "start_workers_2",
      ])
    #expect(module.edit.moved == [0])
  }

  @Test func `line ends, tabs, lines in strings and a byte order mark are the file's own`() {
    #expect(
      functionEdited("\u{feff}if x:\r\n\ty()\r\nz = '''\r\n a'''", line: 3)
        == "\u{feff}if x:\r\n\ty()\r\n\r\n\r\ndef start_workers():\r\n\tglobal z\r\n\tz = '''\r\n a'''\r\n"
    )
    #expect(
      functionEdited("\u{feff}p()\ndef f(): pass\nq()\n", line: 1)
        == "\u{feff}def f(): pass\n\n\ndef start_workers():\n    p()\n    q()\n")
  }

  @Test func `many names need more lines than one`() {
    let names = (1...20).map { "name_\($0)" }
    let edited = functionEdited(names.map { "\($0) = p()\n" }.joined(), line: 1)
    let lines = edited.split(separator: "\n").filter { $0.hasPrefix("    global ") }
    #expect(lines.count == 3)
    #expect(lines.allSatisfy { $0.count <= 88 })
    #expect(
      lines.map { $0.dropFirst(11) }.joined(separator: ", ") == names.joined(separator: ", "))
  }

  @Test func `a guard below calls the function, for the module may be a script, too`() {
    #expect(
      functionEdited("p()\nif __name__ == '__main__':\n  q()\nr()\n", line: 1)
        == "def start_workers():\n  p()\n  r()\n\n\nif __name__ == '__main__':\n  start_workers()\n  q()\n"
    )
  }

  @Test func `annotations of global names aren't possible in a function`() {
    let text = "a: int = p()\nb: dict[\n  str] = {}; c: 'x'\nclass A(a): d: int = 1\n"
    #expect(
      functionEdited(text, line: 1)
        == "def start_workers():\n    global a, b, c, A\n    a = p()\n    b = {}; pass\n    class A(a): d: int = 1\n"
    )
    #expect(functionDoubts(text, line: 1).contains(.dropsAnnotation(name: "b", line: 2)))
    #expect(functionEdited("a: (lambda: 1) = p()\n", line: 1) == "onlyForModules(line: 1)")
    // Python can't read it. It has no edit that can't be made.
    #expect(functionEdited("a: b = c: d = e\n", line: 1).hasPrefix("def start_workers():\n"))
  }

  @Test(arguments: ["p(); from a import *", "global a; p()", "if a:\n    global b\n    p()"])
  func `what a function can't have`(text: String) {
    #expect(functionEdited(text, line: 1) == "onlyForModules(line: 1)")
  }

  @Test func `guards and what isn't there`() {
    #expect(functionEdited("if __name__ == 'x' and p: p()\n", line: 2) == "noStatement")
    #expect(functionEdited("if __name__ == '__main__':\n  p()\n", line: 2) == "alreadyGuarded")
    #expect(functionEdited("(", line: 1) == "unreadable")
  }

  // MARK: Doubts

  @Test(arguments: ["locals", "vars", "dir", "exec", "eval"])
  func `what sees the names of its surroundings`(name: String) {
    #expect(functionDoubts("p(\(name)())\n", line: 1) == [.readsNamespace(name: name, line: 1)])
    #expect(functionDoubts("p(lambda: \(name)())\n", line: 1).isEmpty)
  }

  @Test func `a name in __all__ that comes later`() {
    #expect(
      functionDoubts("__all__ = ['f',\n 'x']\ndef f(): pass\nx = p()\n", line: 4) == [
        .exportsMoved(name: "x", line: 2), .bindsLater(names: ["x"]),
      ])
  }

  @Test func `workers that need what moved, and definitions that move`() {
    #expect(
      functionDoubts("c = p()\n@c.task\ndef g(): return c\n@c\ndef f(): pass\n", line: 1)
        .prefix(2) == [.movesDefinition(name: "g", line: 2), .movesDefinition(name: "f", line: 4)])
    #expect(
      functionDoubts("c = p()\ndef g(): return c\np.map(g)\n", line: 1).first
        == .workersNeed(name: "c", line: 2))
  }

  @Test func `the else of a guard is executed by an import`() {
    #expect(
      functionDoubts("p()\nif __name__ == '__main__':\n  q()\nelse:\n  r()\n", line: 1) == [
        .guardHasElse(line: 2)
      ])
  }

  // MARK: A module between

  private func passedOn(_ text: String, line: Int = 1) -> String {
    let file = PythonFile(Array(text.utf8))
    switch file.functionEdit(importLine: line, calling: helper(["x"])) {
    case .advice(let advice): return "\(advice)"
    case .edit(let module): return String(decoding: module.edit.applied(to: file), as: UTF8.self)
    }
  }

  @Test func `a module that needs the function's work calls it in one of its own`() {
    #expect(
      passedOn("from . import helper\na = f()\n\n\ny = helper.x\nz = a + y\n")
        == "from . import helper\na = f()\n\n\ndef start_workers():\n    global y, z\n"
        + "    from pkg.helper import start_workers as start_workers_2\n    start_workers_2()\n"
        + "    y = helper.x\n    z = a + y\n")
    #expect(passedOn("import pkg.helper\ndef f(): return pkg.helper.x\n") == "nothingMoves")
  }
}
