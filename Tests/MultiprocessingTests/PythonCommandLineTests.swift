import Multiprocessing
import Testing

/// CPython's reading of its command line; each case was tried with an interpreter.
struct PythonCommandLineTests {
  struct Case: CustomTestStringConvertible, Sendable {
    var words: [String]
    var target: PythonCommandLine.Target
    var rest: [String]

    init(_ words: [String], _ target: PythonCommandLine.Target, _ rest: [String] = []) {
      self.words = words
      self.target = target
      self.rest = rest
    }

    var testDescription: String { words.joined(separator: " ") }

    func check() {
      let line = PythonCommandLine(["python"] + words)
      #expect(line.target == target)
      #expect(line.targetArguments == rest)
    }
  }

  @Test(arguments: [
    Case(["x.py"], .script("x.py")),
    Case(["x.py", "-c", "--", "-"], .script("x.py"), ["-c", "--", "-"]),
    Case(["-u", "-B", "x.py", "a"], .script("x.py"), ["a"]),
    Case(["-uB", "x.py"], .script("x.py")),
    Case(["-bbOO", "x.py"], .script("x.py")),
    Case(["-i", "app.pyz", "-m"], .script("app.pyz"), ["-m"]),
    Case(["--", "-x.py", "a"], .script("-x.py"), ["a"]),
    Case(["-E", "--", "x.py", "--", "a"], .script("x.py"), ["--", "a"]),
  ])
  func `a script, and what comes after it is its own`(_ each: Case) { each.check() }

  @Test(arguments: [
    Case(["-W", "error", "x.py"], .script("x.py")),
    Case(["-Werror", "x.py"], .script("x.py")),
    Case(["-X", "dev", "x.py"], .script("x.py")),
    Case(["-Xfrozen_modules=off", "x.py"], .script("x.py")),
    Case(["-uW", "error", "x.py"], .script("x.py")),
    Case(["-uWerror::c", "x.py"], .script("x.py")),
    Case(["-Xc", "-Wm", "x.py"], .script("x.py")),
    Case(["-W", "-c", "x.py"], .script("x.py")),
    Case(["-W"], .standardInput),
    Case(["--check-hash-based-pycs", "always", "x.py"], .script("x.py")),
    Case(["-W", "error", "-X", "dev", "-Im", "pkg", "a"], .module("pkg"), ["a"]),
  ])
  func `options with a value take it from their own word or from the next`(_ each: Case) {
    each.check()
  }

  @Test(arguments: [
    Case(["-c", "print(1)", "-V", "a"], .command("print(1)"), ["-V", "a"]),
    Case(["-cprint(1)", "a"], .command("print(1)"), ["a"]),
    Case(["-Ic", "print(1)"], .command("print(1)")),
    Case(["-Icprint(1)", "--"], .command("print(1)"), ["--"]),
    Case(["-m", "pkg.tool", "-c", "x"], .module("pkg.tool"), ["-c", "x"]),
    Case(["-mpkg.tool"], .module("pkg.tool")),
    Case(["-Bmpkg", "-m", "other"], .module("pkg"), ["-m", "other"]),
    Case(["-m", "--", "a"], .module("--"), ["a"]),
    Case(["-c"], .command("")),
    Case(["-m"], .module("")),
  ])
  func `-c and -m end the options, joined or not`(_ each: Case) { each.check() }

  @Test(arguments: [
    Case([], .standardInput),
    Case(["-"], .standardInput),
    Case(["-", "a", "-c"], .standardInput, ["a", "-c"]),
    Case(["-u", "-", "a"], .standardInput, ["a"]),
    Case(["--", "-", "a"], .standardInput, ["a"]),
    Case(["-i"], .standardInput),
    Case(["--"], .standardInput),
  ])
  func `standard input`(_ each: Case) { each.check() }

  @Test(arguments: [
    Case(["-V"], .nothing), Case(["-VV"], .nothing), Case(["-h"], .nothing),
    Case(["-?", "x.py"], .nothing, ["x.py"]), Case(["-uV", "x.py"], .nothing, ["x.py"]),
    Case(["--version"], .nothing), Case(["--help"], .nothing), Case(["--help-all"], .nothing),
  ])
  func `options that print something and end`(_ each: Case) { each.check() }

  @Test func `no arguments at all, not even a name`() {
    #expect(PythonCommandLine([]).target == .standardInput)
    #expect(PythonCommandLine([]).targetArguments.isEmpty)
  }

  @Test(arguments: [
    "python", "python3", "/usr/bin/python3.13", "/opt/python3.14t", "python3.8-dbg",
    "python3.7m", "python3.13d", "python3.13td", "pypy", "pypy3", "/opt/pypy/bin/pypy3.11",
    "/usr/local/bin/python3.12-intel64",
  ])
  func `names of interpreters`(name: String) {
    #expect(PythonCommandLine.isInterpreter(name))
  }

  @Test(arguments: [
    "", "/", "pytest", "/usr/bin/python3/tool", "python-config", "python3.13-config",
    "python3-argcomplete", "ipython3", "bpython", "pythonista", "python3.13x", "micropython",
    "/usr/bin/python3.13/",
  ])
  func `names that only look like interpreters`(name: String) {
    #expect(!PythonCommandLine.isInterpreter(name))
  }
}
