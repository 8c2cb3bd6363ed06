import Multiprocessing
import Testing
import TraceModel

/// Which statements can end a worker that imports the program.
struct ExitStatementsTests {
  private func lines(_ text: String) -> [Int] {
    ExitStatements.find(in: Array(text.utf8)).map(\.number)
  }

  @Test(
    arguments: [
      ("import sys\nsys.exit(0)\n", [2]),
      ("import unittest\nunittest.main()\n", [2]),
      ("import unittest\nunittest.main(exit=False)\n", []),
      ("from unittest import main\nmain()\n", [2]),
      ("raise SystemExit(main())\n", [1]),
      ("import os\nos._exit(3)\n", [2]),
      ("quit()\n", [1]),
      ("options = parser.parse_args()\nwork()\n", [1]),
      ("if x:\n    sys.exit(1)\nprint()\nexit(2)\n", [2, 4]),
      ("if __name__ == '__main__':\n    sys.exit(1)\n", []),
      ("if __name__ == \"__main__\":\n    a()\nelse:\n    sys.exit(1)\n", [4]),
      ("if __name__ != '__main__':\n    sys.exit(1)\n", [2]),
      ("if __name__ in ('__main__', '__mp_main__'):\n    sys.exit(1)\n", [2]),
      ("def main():\n    sys.exit(1)\n", []),
      ("def main():\n    sys.exit(1)\n\nmain()\n", [4]),
      ("def a():\n    sys.exit(1)\n\ndef b():\n    a()\n\nx = b()\n", [7]),
      ("import click\n@click.command()\ndef cli():\n    pass\n\ncli()\n", [6]),
      ("import typer\napp = typer.Typer()\nhelp()\napp()\n", [4]),
      ("import fire\nfire.Fire(work)\n", [2]),
      ("import atexit, sys\natexit.register(lambda: sys.exit(1))\n", []),
      ("'''\nsys.exit(1)\n'''\n# sys.exit(2)\nx = 'sys.exit(3)'\n", []),
      ("x = f(\n  1,\n  sys.exit(1))\n", [1]),
      ("try:\n    a()\nexcept SystemExit:\n    pass\n", []),
      ("sys.exit(1)\nsys.exit(2)\n", [1]),
      ("class A:\n    def f(self):\n        sys.exit(1)\n", []),
      ("x = 'it\\'s'\nsys.exit()\r\n", [2]),
      ("process.exitcode\non_exit()\n", []),
    ] as [(String, [Int])])
  func `what an import executes, and can end it`(text: String, expected: [Int]) {
    #expect(lines(text) == expected, "\(text)")
  }

  @Test func `any bytes are read to their end`() {
    for text in ["sys.exit(", "exit('", "'''exit", "exit(\\", "\\", "exit\u{0}(", "@", "def exit"] {
      _ = ExitStatements.find(in: Array(text.utf8))
    }
    #expect(ExitStatements.find(in: [0xff, 0x0a] + Array("exit(1)".utf8)).map(\.number) == [2])
  }

  @Test(
    arguments: [
      ("sys.exit(2)", 2), ("    exit()", 0), ("sys.exit(\"a message\")", 1),
      ("sys.exit(main())", nil),
      ("raise SystemExit(4)", 4), ("sys.exit(status)", nil), ("unittest.main()", nil),
    ] as [(String, Int32?)])
  func `the status that a line says`(line: String, status: Int32?) {
    #expect(ExitStatements.status(of: line) == status)
  }

  @Test(
    arguments: [
      ("sys.exit(main())", "sys.exit()"), ("unittest.main()", "unittest.main()"),
      ("a = parser.parse_args(sys.argv)", "parse_args()"), ("raise SystemExit", "raise SystemExit"),
      ("cli()", nil),
    ] as [(String, String?)])
  func `the call that ends the interpreter, for a sentence`(line: String, call: String?) {
    #expect(ExitStatements.call(in: line) == call)
  }
}
