import PythonSource
import Testing

/// Which statements move, and the text afterwards.
struct GuardEditTests {
  @Test func `the statement and all below it move, definitions stay`() {
    let text = """
      import multiprocessing

      def work(x): return x

      # Starts them.
      pool = multiprocessing.Pool(2)


      def other():
          return 1

      print(pool.map(work, [1]))
      """
    #expect(
      edited(text, line: 6) == """
        import multiprocessing

        def work(x): return x


        def other():
            return 1

        if __name__ == "__main__":
            # Starts them.
            pool = multiprocessing.Pool(2)

            print(pool.map(work, [1]))

        """)
    #expect(doubts(text, line: 6).isEmpty)
  }

  @Test func `a block moves as a whole, whichever of its lines is named`() {
    let text =
      "import a\nwith a.Pool() as p:\n    try:\n        p.map()\n    finally: b()\n    # end\n"
    let expected =
      "import a\nif __name__ == \"__main__\":\n    with a.Pool() as p:\n        try:\n"
      + "            p.map()\n        finally: b()\n        # end\n"
    for line in 2...5 { #expect(edited(text, line: line) == expected) }
  }

  @Test func `line ends and tabs are the file's own`() {
    #expect(
      edited("def f():\r\n\tpass\r\n\r\nf()\r\nfor x in y:\r\n\tf()", line: 4)
        == "def f():\r\n\tpass\r\n\r\nif __name__ == \"__main__\":\r\n\tf()\r\n\tfor x in y:\r\n\t\tf()\r\n"
    )
    #expect(edited("a\rb", line: 2) == "a\rif __name__ == \"__main__\":\r    b\r")
    #expect(
      edited("if x:\n  y\nz\n", line: 3) == "if x:\n  y\nif __name__ == \"__main__\":\n  z\n")
  }

  @Test func `lines inside of strings aren't indented`() {
    let text = "x = '''a\n  b\n\n''' + f'''\n{c\n}''', [\n1]\nz = 'a\\\nb'\n"
    #expect(
      edited(text, line: 3)
        == "if __name__ == \"__main__\":\n    x = '''a\n  b\n\n''' + f'''\n{c\n}''', [\n"
        + "    1]\n    z = 'a\\\nb'\n")
  }

  @Test func `a form feed doesn't put a moved line back to the margin`() {
    #expect(
      edited("a\n\u{c}\n\u{c}b\n", line: 1)
        == "if __name__ == \"__main__\":\n    a\n\u{c}\n    b\n")
  }

  @Test func `statements joined by semicolons move together`() {
    #expect(
      edited("import a; p = a.Pool(); p.start()\nimport b\nimport c; c.d()\n", line: 1)
        == "import b\nif __name__ == \"__main__\":\n    import a; p = a.Pool(); p.start()\n    import c; c.d()\n"
    )
  }

  @Test func `what has to be at the head stays there`() {
    #expect(
      edited("#!/usr/bin/python3\n# -*- coding: latin-1 -*-\n# Mine.\np()\n", line: 4)
        == "#!/usr/bin/python3\n# -*- coding: latin-1 -*-\nif __name__ == \"__main__\":\n    # Mine.\n    p()\n"
    )
    #expect(
      edited("\u{feff}\"Doc.\"\nfrom __future__ import annotations\np()\n", line: 3)
        == "\u{feff}\"Doc.\"\nfrom __future__ import annotations\nif __name__ == \"__main__\":\n    p()\n"
    )
  }

  @Test func `a byte order mark stays at the beginning`() {
    let header = "if __name__ == \"__main__\":\n"
    let mark = "\u{feff}"
    #expect(edited("\(mark)# c\np()\n", line: 2) == "\(mark)\(header)    # c\n    p()\n")
    #expect(
      edited("\(mark)p()\ndef f(): pass\n\(header)  q()\n", line: 1)
        == "\(mark)def f(): pass\n\(header)  p()\n  q()\n")
    #expect(
      frozen("\(mark)p()\n", line: 1)
        == "\(mark)import multiprocessing\n\(header)    multiprocessing.freeze_support()\n    p()\n"
    )
    #expect(
      frozen("\(mark)import a\n\(header)  q()\n")
        == "\(mark)import multiprocessing\nimport a\n\(header)  multiprocessing.freeze_support()\n  q()\n"
    )
    #expect(
      frozen("\(mark)\(header.dropLast()) q()\n")
        == "\(mark)import multiprocessing\n\(header)    multiprocessing.freeze_support()\n    q()\n"
    )
  }

  @Test func `an edit has whole lines, and the byte order mark with the first one`() {
    let text = "\u{feff}p()\n\ndef f(): pass\n\nif __name__ == '__main__':\n  q()\n"
    guard case .edit(let edit) = PythonFile(Array(text.utf8)).guardEdit(forLine: 1) else {
      Issue.record("there is no edit")
      return
    }
    #expect(
      edit.edits.map {
        "\($0.startLine)-\($0.endLine) " + String(decoding: $0.replacement, as: UTF8.self)
      }
        == ["1-3 \u{feff}def f(): pass\n", "6-5   p()\n"])
  }

  @Test func `comments that aren't directly above stay`() {
    #expect(
      edited("a\n# of a\n\n# of b\nb\n# end\n", line: 5)
        == "a\n# of a\n\nif __name__ == \"__main__\":\n    # of b\n    b\n# end\n")
  }

  // MARK: What stays

  @Test func `constants that definitions use stay, and settings`() {
    let text = """
      p()
      N = 3
      M = [1, -N, {"a": None}]
      L = f()
      K = 5
      __all__ = ["g"]
      sys.path.insert(0, "x")
      def g(x=M): return N + L
      """
    #expect(
      edited(text, line: 1) == """
        N = 3
        M = [1, -N, {"a": None}]
        if __name__ == "__main__":
            p()
            L = f()
            K = 5
        __all__ = ["g"]
        sys.path.insert(0, "x")
        def g(x=M): return N + L
        """)
  }

  @Test func `blocks of imports and definitions stay`() {
    let block = """
      try:
          import a
      except ImportError:
          a = None
      else:
          if a.b:
              @a.c
              def f():
                  return g()
          elif d:
              pass

      """
    let header = "if __name__ == \"__main__\":\n"
    #expect(edited("p()\n\(block)q()\n", line: 1) == "\(block)\(header)    p()\n    q()\n")
    #expect(
      edited("d = p()\n\(block)", line: 1).hasPrefix("\(header)    d = p()\n    try:\n"))
    #expect(
      edited("p()\ntry:\n  import a\nfinally:\n  b()\n", line: 1)
        == "\(header)  p()\n  try:\n    import a\n  finally:\n    b()\n")
  }

  @Test func `a setting that a moved statement reads moves`() {
    #expect(
      edited("if os.environ.get('A'): p()\nos.environ['A'] = '1'\nsys.path += b\n", line: 1)
        == "if __name__ == \"__main__\":\n    if os.environ.get('A'): p()\n    os.environ['A'] = '1'\nsys.path += b\n"
    )
  }

  @Test func `a definition that needs what moved moves`() {
    let text = "p = q()\n@p.task\ndef f(): pass\nclass A(f): pass\ndef g(): return p\nimport p.x\n"
    #expect(
      edited(text, line: 1)
        == "if __name__ == \"__main__\":\n    p = q()\n    @p.task\n    def f(): pass\n"
        + "    class A(f): pass\ndef g(): return p\nimport p.x\n")
    #expect(
      doubts(text, line: 1) == [
        .movesDefinition(name: "f", line: 2), .movesDefinition(name: "A", line: 4),
      ])
  }

  @Test func `main stays importable`() {
    #expect(
      edited("def main():\n    p()\n\nmain()\n", line: 4)
        == "def main():\n    p()\n\nif __name__ == \"__main__\":\n    main()\n")
  }

  // MARK: Guards that are there

  @Test func `a guard below is joined at its head`() {
    let text = """
      p = q()
      p.start()

      def f(): pass

      r = 1

      if __name__ == '__main__':
        # Waits.
        p.join()
      """
    #expect(
      edited(text, line: 1) == """
        def f(): pass

        if __name__ == '__main__':
          p = q()
          p.start()

          r = 1
          # Waits.
          p.join()
        """)
  }

  @Test func `a guard on one line becomes a block`() {
    #expect(
      edited("p()\nif __name__ == '__main__': a(\n  1); b()  # end\n", line: 1)
        == "if __name__ == '__main__':\n    p()\n    a(\n  1); b()  # end\n")
    #expect(
      edited("p()\nif __name__ == '__main__': a(); b()  # end", line: 1)
        == "if __name__ == '__main__':\n    p()\n    a(); b()  # end\n")
  }

  @Test func `a guard directly above goes on`() {
    #expect(
      edited("if __name__ == '__main__':\n\ta()\n\np()\n", line: 4)
        == "if __name__ == '__main__':\n\ta()\n\n\tp()\n")
  }

  @Test func `what stands below a guard and a definition gets a guard of its own`() {
    #expect(
      edited("p()\nif __name__ == '__main__':\n  a()\ndef f(): pass\nf()\n", line: 1)
        == "if __name__ == '__main__':\n  p()\n  a()\ndef f(): pass\nif __name__ == \"__main__\":\n  f()\n"
    )
  }

  @Test func `two guards each get what stands above them`() {
    let header = "if __name__ == '__main__':\n"
    #expect(
      edited("p()\n\(header)  a()\nb()\n\(header)  c()\n", line: 1)
        == "\(header)  p()\n  a()\n\(header)  b()\n  c()\n")
  }

  @Test func `a guard with an else needs a review`() {
    let text = "p()\nif __name__ == '__main__':\n    a()\nelse:\n    b()\n"
    #expect(
      edited(text, line: 1) == "if __name__ == '__main__':\n    p()\n    a()\nelse:\n    b()\n")
    #expect(doubts(text, line: 1) == [.guardHasElse(line: 2)])
    #expect(edited(text, line: 5) == "onlyInWorkers")
  }

  @Test func `nothing moves where nothing has to`() {
    #expect(edited("if __name__ == '__main__':\n    p()\n", line: 2) == "alreadyGuarded")
    #expect(edited("if x and __name__ == '__main__':\n    p()\n", line: 2) == "alreadyGuarded")
    #expect(edited("x\n\n# c\n", line: 2) == "noStatement")
    #expect(edited("x\n", line: 9) == "noStatement")
    #expect(edited("x = (\n", line: 1) == "unreadable")
  }

  @Test func `a condition that doesn't keep workers out moves with its block`() {
    #expect(
      edited("if __name__ != 'x':\n    p()\nelse:\n    q()\n", line: 2)
        == "if __name__ == \"__main__\":\n    if __name__ != 'x':\n        p()\n    else:\n        q()\n"
    )
  }
}
