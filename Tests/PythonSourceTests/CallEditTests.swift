import PythonSource
import Testing

/// The call of a module's function in the main script.
struct CallEditTests {
  private let guardLine = "if __name__ == \"__main__\":\n"
  private let call = "    from pkg.helper import start_workers\n    start_workers()\n"

  @Test func `a guard that is there begins with the call`() {
    #expect(
      called("import pkg.helper\n\(guardLine)    # Prints.\n    print(pkg.helper.x)\n", line: 1)
        == "import pkg.helper\n\(guardLine)\(call)    # Prints.\n    print(pkg.helper.x)\n")
    #expect(
      called("import pkg.helper\n\(guardLine.dropLast()) f()", line: 1)
        == "import pkg.helper\n\(guardLine)\(call)    f()\n")
  }

  @Test func `freeze_support stays the first`() {
    #expect(
      called("import pkg.helper\n\(guardLine)    freeze_support()\n    f()\n", line: 1)
        == "import pkg.helper\n\(guardLine)    freeze_support()\n\(call)    f()\n")
  }

  @Test func `a script without a guard gets one, for all below the import`() {
    #expect(
      called("import pkg.helper\nimport os\ndef f(): pass\nf()\n", line: 1)
        == "import pkg.helper\nimport os\ndef f(): pass\n\(guardLine)\(call)    f()\n")
    #expect(
      called("import pkg.helper\ndef f(): pass", line: 1)
        == "import pkg.helper\ndef f(): pass\n\n\n\(guardLine)\(call)")
    #expect(
      called("\u{feff}import pkg.helper\r\n\r\n", line: 1)
        == "\u{feff}import pkg.helper\r\n\r\n\r\n"
        + "\(guardLine)\(call)".split(separator: "\n").map { $0 + "\r\n" }.joined())
  }

  @Test func `beside a guard only what uses the module moves`() {
    #expect(
      called(
        "from pkg import helper\na = 1\nb = helper.x\nlog(a)\nlog(b)\n\(guardLine)    f(b)\n",
        line: 1)
        == "from pkg import helper\na = 1\nlog(a)\n\(guardLine)\(call)    b = helper.x\n    log(b)\n    f(b)\n"
    )
    #expect(
      called(
        "import pkg.helper\ndef f(): return pkg.helper.x\nb = f()\n\(guardLine)    f()\n", line: 1)
        == "import pkg.helper\ndef f(): return pkg.helper.x\n\(guardLine)\(call)    b = f()\n    f()\n"
    )
  }

  @Test func `definitions that need no name of the function's stay`() {
    let text =
      "import pkg.helper as h\nclass A(h.B): pass\nclass C(h.x): pass\n@h.task\ndef f(): return h.x\n"
    #expect(
      called("\(text)\(guardLine)    f()\n", line: 1, names: ["x"])
        == "import pkg.helper as h\nclass A(h.B): pass\n@h.task\ndef f(): return h.x\n"
        + "\(guardLine)\(call)    class C(h.x): pass\n    f()\n")
    #expect(
      callDoubts(text, line: 1, names: ["x"]) == [
        .movesDefinition(name: "C", line: 3), .workersNeed(name: "x", line: 4),
      ])
  }

  @Test func `a definition that calls what needs the module's later names moves`() {
    #expect(
      called(
        "import pkg.helper\ndef f(): return pkg.helper.x\ndef g(x=f()): pass\nclass A: y = f\n"
          + "\(guardLine)    g()\n", line: 1, names: ["x"])
        == "import pkg.helper\ndef f(): return pkg.helper.x\n"
        + "\(guardLine)\(call)    def g(x=f()): pass\n    class A: y = f\n    g()\n")
  }

  @Test func `names that the module doesn't have yet are imported after the call`() {
    #expect(
      called("from .helper import (f,\n  x as y)\nprint(y)\n", line: 1, names: ["x"])
        == "\(guardLine)\(call)    from .helper import (f,\n      x as y)\n    print(y)\n")
    #expect(
      called(
        "import a, pkg.helper\nfrom pkg.helper import x\n\(guardLine)    f()\n", line: 1,
        names: ["x"])
        == "import a, pkg.helper\n\(guardLine)\(call)    from pkg.helper import x\n    f()\n")
    #expect(
      called("from pkg.helper import f\nf(1)\n", line: 1, names: ["x"])
        == "from pkg.helper import f\n\(guardLine)\(call)    f(1)\n")
  }

  @Test func `a star import is repeated`() {
    let text = "from .helper import *\n\(guardLine)    print(x)\n"
    #expect(
      called(text, line: 1, names: ["x"])
        == "from .helper import *\n\(guardLine)\(call)    from .helper import *\n    print(x)\n")
    #expect(called(text, line: 1) == "from .helper import *\n\(guardLine)\(call)    print(x)\n")
    #expect(callDoubts(text, line: 1) == [.importsAll(line: 1)])
  }

  @Test func `a name that is taken`() {
    #expect(
      called(
        "import pkg.helper\ndef start_workers(): pass\n\(guardLine)    start_workers()\n", line: 1)
        == "import pkg.helper\ndef start_workers(): pass\n\(guardLine)"
        + "    from pkg.helper import start_workers as start_workers_2\n    start_workers_2()\n    start_workers()\n"
    )
  }

  // MARK: Where the import is

  @Test func `an import under the guard has the call before it`() {
    let text = "\(guardLine)    a()\n    if b:\n        c()\n    else:\n        import pkg.helper\n"
    #expect(
      called(text, line: 6)
        == "\(guardLine)    a()\n\(call)    if b:\n        c()\n    else:\n        import pkg.helper\n"
    )
    #expect(callDoubts(text, line: 6) == [.importIsConditional(line: 3)])
    #expect(callDoubts("\(guardLine)    import pkg.helper\n", line: 2).isEmpty)
    #expect(
      called("\(guardLine.dropLast()) import pkg.helper\n", line: 1)
        == "\(guardLine)\(call)    import pkg.helper\n")
  }

  @Test func `an import under a condition is a doubt`() {
    let text = "try:\n    import pkg.helper\nexcept ImportError:\n    pass\n"
    #expect(called(text, line: 2) == "\(text)\n\n\(guardLine)\(call)")
    #expect(callDoubts(text, line: 2) == [.importIsConditional(line: 1)])
  }

  @Test func `what can't be edited`() {
    #expect(called("\(guardLine)    a\nelse:\n    import pkg.helper\n", line: 4) == "onlyInWorkers")
    #expect(called("a\n", line: 2) == "noStatement")
    #expect(called("'''", line: 1) == "unreadable")
  }
}
