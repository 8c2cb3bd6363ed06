import TestSupport

/// A test run with a script that isn't guarded, or is, as in traces/seed.
struct SeedProgram {
  let folder: ScratchFolder

  /// The line of runtest.py that runs the tests, and the one of thing.py that makes the Pool.
  static let culprit = 5
  static let callSite = 10

  init(guarded: Bool = false) throws {
    folder = try ScratchFolder()
    let run = "unittest.TextTestRunner(verbosity=2).run(tests)"
    try folder.write(
      "runtest.py",
      """
      import importlib
      import unittest

      tests = unittest.defaultTestLoader.loadTestsFromModule(importlib.import_module("test_thing"))
      \(guarded ? "if __name__ == '__main__': " + run : run)

      """)
    try folder.write(
      "test_thing.py",
      """
      import os
      import unittest
      import thing

      class ThingTest(unittest.TestCase):
          def test_squares(self):
              self.assertEqual(thing.squares(os.environ["METHOD"]), [0, 1, 4, 9])

      """)
    try folder.write(
      "thing.py",
      """
      import multiprocessing


      def square(number):
          return number * number


      def squares(method):
          context = multiprocessing.get_context(method)
          with context.Pool(4) as pool:
              return pool.map(square, range(4))

      """)
  }

  func run(
    _ interpreter: Interpreters.Interpreter, method: String, options: [String] = []
  ) throws -> Traced.Run {
    try Traced.run(
      [interpreter.path, "runtest.py"], options: options, in: folder.path,
      environment: ["METHOD": method])
  }
}
