import PythonSource
import Testing

/// Where statements begin and end, and what they are.
struct StatementTests {
  @Test(arguments: ["\n", "\r\n", "\r"])
  func `each line end ends a line`(end: String) {
    let text = ["x = 1", "def f():", "  pass", "", "y = 2"].joined(separator: end)
    #expect(described(text) == ["1 other | x", "2-3 def | f", "5 other | y"])
  }

  @Test func `an empty file has no statements`() {
    #expect(described("").isEmpty)
    #expect(described("# only a comment").isEmpty)
    #expect(PythonFile([]).isWhole)
  }

  @Test func `a byte order mark isn't part of a name`() {
    #expect(described([0xef, 0xbb, 0xbf] + Array("x = y".utf8)) == ["1 other | x | y"])
  }

  @Test func `bytes above 0x7f belong to names`() {
    let latin = Array("# coding: latin-1\nna".utf8) + [0xef] + Array("ve = 1\nx".utf8)
    let file = PythonFile(latin)
    #expect(file.isWhole)
    #expect(file.statements.map(\.bound) == [[[0x6e, 0x61, 0xef, 0x76, 0x65]], []])
  }

  @Test func `a form feed puts a line back to the margin`() {
    #expect(described("x = 1\n\u{c}y = 2\n \u{c}z = 3\n").count == 3)
  }

  @Test func `semicolons part statements`() {
    #expect(
      described("import a; b = c; d()\nx = 1;\n") == [
        "1 import | a", "1 other | b | c", "1 other |  | d", "2 other | x",
      ])
  }

  @Test func `a suite on the header's line belongs to the statement`() {
    #expect(
      described("if a: b = c; d = e\nwhile f: g()\nclass A: x = y; z = x\ndef h(): return i; j = k")
        == [
          "1 other | b d | a c e", "2 other |  | f g", "3 class | A | y", "4 def | h |  | i k",
        ])
  }

  @Test func `further clauses belong to the statement at the margin`() {
    let text = """
      try:
        a
      except (B, C) as d:
        e
      except* F as g: h
      else:
        i
      finally:
        j
      if k: l
      elif m: n
      else: o
      for p in q:
        r
      else:
        s
      """
    #expect(
      described(text) == [
        "1-9 other | d g | a B C e F h i j", "10-12 other |  | k l m n o",
        "13-16 other | p | q r s",
      ])
  }

  @Test func `brackets, backslashes and strings join lines`() {
    let text = """
      x = (a,
      b)
      y = c \\
          + d
      z = '''
      def f(): pass
      ''' + \"""
      if\"""
      s = 'a\\
      b'
      """
    #expect(
      described(text) == [
        "1-2 other | x | a b", "3-4 other | y | c d", "5-8 other | z", "9-10 other | s",
      ])
  }

  @Test func `decorators belong to the definition`() {
    #expect(
      described("@a(b)\n# why\n@c\n\nasync def f(): pass\n@d.e\nclass G: pass\n") == [
        "1-5 def | f | a b c", "6-7 class | G | d",
      ])
  }

  @Test func `the kinds of imports, and a docstring`() {
    let text = """
      "Doc." "more"
      from __future__ import division
      import a.b, c as d
      from .e import (f,
        g as h,)
      from i import *
      "no docstring"
      """
    #expect(
      described(text) == [
        "1 docstring", "2 future-import | division", "3 import | a d", "4-5 from-import | f h",
        "6 from-import | *", "7 other",
      ])
    #expect(described("b'bytes'") == ["1 other"])
    #expect(described("('in brackets')") == ["1 docstring"])
  }

  @Test(arguments: [
    #"__name__ == "__main__""#, "__name__ == '__main__'", "(__name__ == '__main__')",
    "'__main__' == __name__", "((__name__) == '__main__')", "__name__ in ('__main__',)",
    "__name__ in {'__main__', 'x'}", "'__main__' in __name__", "__name__==r'''__main__'''",
  ])
  func `a guard`(condition: String) {
    let isGuard = described("if \(condition): pass")[0].hasPrefix("1 guard")
    #expect(isGuard == !condition.contains("(__name__)"))
  }

  @Test(arguments: [
    #"__name__ != "__main__""#, "__name__ == '__mp_main__'", "not __name__ == '__main__'",
    "__name__ in ('__main__', '__mp_main__')", "__name__ == '__main__' or x", "name == '__main__'",
    "__name__ is '__main__'", "__name__ == '__main__' and x",
  ])
  func `no guard`(condition: String) {
    #expect(described("if \(condition): pass")[0].hasPrefix("1 other"))
  }

  @Test(arguments: [
    "x = (", "x = 'a", "x = )", "'''", "f'{x", "x = $", "    x = 1", "class :", "if x", "f'{a:{b'",
    "((((", "def", "x = \\", "@", "f'{", "lambda", "import", "from", "case", "type x[", "\u{0}",
    "}",
    "f'''{\n", "for", "if", "if:", "import a as 1", "from a import b as )", "import 1", "@\n@\n",
    "global",
    "del", "match x:", "def f(", "class A[", "rb", "0x",
    "f'}'}'",
  ])
  func `what Python can't read is no trap`(text: String) {
    _ = described(text)
    for line in 1...2 { _ = edited(text, line: line) }
  }

  @Test func `deep nesting and long lines take no more than their length`() {
    let deep = String(repeating: "(", count: 100_000)
    #expect(!PythonFile(Array(deep.utf8)).isWhole)
    let lambdas = String(repeating: "lambda x: ", count: 100_000)
    _ = PythonFile(Array(lambdas.utf8))
    let names = (0..<100_000).map { "a\($0)" }.joined(separator: ", ")
    #expect(PythonFile(Array("x = [\(names)]".utf8)).statements[0].needed.count == 100_000)
    let blocks = (0..<2000).map { String(repeating: " ", count: $0) + "def f(): " }.joined(
      separator: "\n")
    _ = PythonFile(Array(blocks.utf8))
  }
}
