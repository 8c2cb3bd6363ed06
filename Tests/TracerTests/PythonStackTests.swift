import Foundation
import TestSupport
import Testing
import TraceModel

@testable import Tracer

/// Stacks of real interpreters, read as the product reads them.
struct PythonStackTests {
  private static let interpreters = Interpreters.all + Interpreters.freeThreaded

  @Test(arguments: interpreters)
  func `frames have their names and lines`(python: Interpreters.Interpreter) throws {
    let stacks = try LivePython.stacks(
      python,
      """
      import os, signal
      def stop():
          os.kill(os.getpid(), signal.SIGUSR1)
      class Suite:
          class Inner:
              def test(self):
                  def nested():
                      return (lambda: stop())()
                  return nested()
          def run(self):
              return list(map(lambda _: self.Inner().test(), [1]))
      def generating():
          yield Suite().run()
      next(generating())
      """)
    let names =
      python.isAtLeast(11)
      ? [
        "stop:3", "Suite.Inner.test.<locals>.nested.<locals>.<lambda>:8",
        "Suite.Inner.test.<locals>.nested:8", "Suite.Inner.test:9",
        "Suite.run.<locals>.<lambda>:11", "Suite.run:11", "generating:13", "<module>:14",
      ]
      : [
        "stop:3", "<lambda>:8", "nested:8", "test:9", "<lambda>:11", "run:11", "generating:13",
        "<module>:14",
      ]
    #expect(stacks.map(\.outline) == [names])
  }

  /// Threads that run, sleep, begin and end while others are read.
  @Test(arguments: interpreters, [false, true])
  func `threads are distinguished`(python: Interpreters.Interpreter, byNumber: Bool) throws {
    let stacks = try LivePython.stacks(
      python,
      """
      import ctypes, signal, threading, time
      raising = getattr(ctypes.CDLL(None), "raise")
      isOver = False
      def spin():
          while not isOver:
              sum(range(100))
      def making():
          while not isOver:
              thread = threading.Thread(target=len, args=("",))
              thread.start()
              thread.join()
      def work(depth):
          if depth:
              work(depth - 1)
          else:
              for _ in range(10):
                  raising(signal.SIGUSR1)
      others = [threading.Thread(target=function) for function in (spin, spin, making)]
      workers = [threading.Thread(target=work, args=(n,)) for n in range(3)]
      for thread in others + workers:
          thread.start()
      for thread in workers:
          thread.join()
      isOver = True
      for thread in others:
          thread.join()
      """, byNumber: byNumber)
    #expect(stacks.count == 30)
    let expected = Set((0..<3).map { ["work:17"] + Array(repeating: "work:14", count: $0) })
    let outlines = stacks.map(\.outline)
    #expect(Set(outlines) == expected)
    for outline in expected { #expect(outlines.count { $0 == outline } == 10) }
  }
}
