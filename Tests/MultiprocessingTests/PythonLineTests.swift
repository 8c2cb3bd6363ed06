import Multiprocessing
import Testing

struct PythonLineTests {
  @Test(arguments: [
    ("main()", false), ("with pool:", true), ("with pool:  # a comment", true),
    ("call(one,", true), ("call(one, [two])", false), ("text = \"\"\"begin", true),
    ("text = '''whole'''", false), ("print(\":\")", false), ("print('it\\'s:')", false),
    ("total = one + \\", true), ("name = 'a:'", false), ("# with pool:", false), ("", false),
    ("x = {'a': 1}", false), ("x = {'a':", true), ("print('(')", false),
  ])
  func `a statement with further lines is known by its first`(line: String, expected: Bool) {
    #expect(PythonLine.continues(line) == expected)
  }

  @Test func `white space around a line is not part of it`() {
    #expect(PythonLine.trimmed(" \t with x:\t\r") == "with x:")
    #expect(PythonLine.trimmed("  \t") == "")
  }
}
