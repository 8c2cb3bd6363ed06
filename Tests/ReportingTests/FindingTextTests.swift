import Analysis
import Reporting
import Testing
import TraceModel

/// Complete texts of findings: what a change does to them is to be seen here.
struct FindingTextTests {
  private let plain = TextStyle(color: false, unicode: true)

  private func text(of report: RunReport, style: TextStyle) throws -> String {
    TextReport(style: style).finding(try #require(report.findings.first), in: report)
  }

  @Test("A script whose unguarded statement reaches a Pool in another file")
  func seed() throws {
    let expected = #"""
      error[ST101]: runtest.py is run again by each worker that it starts
       --> runtest.py:6
        |
      6 | result = unittest.TextTestRunner(verbosity=2).run(suite)
        | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
        | runs again when a worker imports this file: it is not under `if __name__ == "__main__":`
        |
        ╭─> runtest.py:6  pid 4958 runs it as `__main__`
        │   thing.py:10   dothing() starts 4 workers (spawn): `with ctx.Pool(4) as pool:`
        ╰── runtest.py:6  worker 4960 and 3 more run it again as `__mp_main__`, up to the same line
        |
        = masked: CPython's RuntimeError is swallowed: the run exits 0, and nobody knows
        = why: under spawn, each worker imports the main script as `__mp_main__`; under fork, none did

      help: guard the statement, and the lines below that need it, so that an import skips them
        |
      6 - result = unittest.TextTestRunner(verbosity=2).run(suite)
      6 + if __name__ == "__main__":
      7 +     result = unittest.TextTestRunner(verbosity=2).run(suite)

      id v1:7f3a91c2  proven at 0.213 s by event 217, Python 3.13.0
      https://docs.python.org/3/library/multiprocessing.html#the-spawn-and-forkserver-start-methods

      """#
    #expect(try text(of: Fixtures.seed(), style: plain) == expected)
  }

  @Test("A culprit in a module that the guarded script imports")
  func helper() throws {
    let expected = #"""
      error[ST101]: main.py is run again by each worker that it starts
       --> helper.py:8
        |
      8 | with multiprocessing.get_context("spawn").Pool(2) as pool:
        | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
        | runs again when a worker imports main.py, which imports this module
        ╭─> main.py:4    pid 4958 runs it as `__main__`
        │   helper.py:8  starts 2 workers (spawn)
        ╰── main.py:4    worker 4960 runs it again as `__mp_main__`, up to helper.py:8
        = respawning: each worker ends with CPython's RuntimeError and is replaced, for ever (2 so far)
        = why: under spawn, each worker imports the main script as `__mp_main__`; under fork, none did

      help: a guard in helper.py would not help, `__name__` is "helper" there in every process: make the
            statement a function that main.py calls under its guard
      8 - with multiprocessing.get_context("spawn").Pool(2) as pool:
      8 + def start_workers():
      9 +     with multiprocessing.get_context("spawn").Pool(2) as pool:
        +         ...
       --> main.py
          if __name__ == "__main__":
        +     helper.start_workers()

      id v1:7f3a91c2  proven at 0.213 s by event 217, Python 3.12.1
      https://docs.python.org/3/library/multiprocessing.html#the-spawn-and-forkserver-start-methods

      """#
    #expect(try text(of: Fixtures.helper(), style: plain) == expected)
  }

  @Test("A culprit inside a block that begins on an earlier line")
  func indented() throws {
    let expected = #"""
      error[ST101]: main.py is run again by each worker that it starts
        --> main.py:13
         |
      11 | try:
      ...
      13 |     process.start()
         |     ^^^^^^^^^^^^^^^
         |     runs again when a worker imports this file: it is not under `if __name__ == "__main__":`
         |
         ╭─> main.py:13  pid 4958 runs it as `__main__` and starts 1 worker (spawn)
         ╰── main.py:13  worker 4960 runs it again as `__mp_main__`, up to the same line
         |
         = contained: the worker ends with CPython's RuntimeError or catches it; the run exits 0
         = why: under spawn, each worker imports the main script as `__mp_main__`; under fork, none did

      help: guard line 11 with its block, and the lines below that need it, so that an import skips them
         |
      11 - try:
      11 + if __name__ == "__main__":
      12 +     try:
         +         ...

      id v1:7f3a91c2  proven at 0.213 s by event 217, Python 3.8.18
      https://docs.python.org/3/library/multiprocessing.html#the-spawn-and-forkserver-start-methods

      """#
    #expect(try text(of: Fixtures.indented(), style: plain) == expected)
  }

  @Test("A forkserver that runs the script itself")
  func forkserver() throws {
    let expected = #"""
      error[ST101]: main.py is run again by the forkserver that it starts
        --> main.py:12
         |
      12 | with ctx.Pool(2) as pool:
         | ^^^^^^^^^^^^^^^^^^^^^^^^^
         | runs again when the forkserver imports this file: it is not under `if __name__ == "__main__":`
         |
         ╭─> main.py:12  pid 4958 runs it as `__main__` and starts workers (forkserver)
         ╰── main.py:12  forkserver 4960 runs it again as `__mp_main__`, up to the same line
         |
         = effect: CPython refuses this second start with a RuntimeError in the forkserver
         = why: the forkserver imports the main script as `__mp_main__` before it serves; under fork, the
                default on Linux before Python 3.14, nothing did

      help: guard line 12 with its block, and the lines below that need it, so that an import skips them
         |
      12 - with ctx.Pool(2) as pool:
      12 + if __name__ == "__main__":
      13 +     with ctx.Pool(2) as pool:
         +         ...

      id v1:7f3a91c2  proven at 0.213 s by event 217, Python 3.14.10
      https://docs.python.org/3/library/multiprocessing.html#the-spawn-and-forkserver-start-methods

      """#
    #expect(try text(of: Fixtures.forkserver(), style: plain) == expected)
  }

  @Test("A culprit in a function, and no known start of the workers")
  func function() throws {
    let expected = #"""
      error[ST101]: main.py is run again by each worker that it starts
        --> thing.py:10
         |
      10 |     with ctx.Pool(4) as pool:
         |     ^^^^^^^^^^^^^^^^^^^^^^^^^ runs again while a worker imports main.py
         |
         ╭─> main.py  pid 4958 runs it as `__main__` and has started 1 worker so far (spawn)
         ╰── main.py  worker 4960 runs it again as `__mp_main__`, up to thing.py:10
         |
         = effect: CPython refuses this second start with a RuntimeError in the worker
         = why: under spawn, each worker imports the main script as `__mp_main__`; under fork, none did

      help: nothing that is imported may call dothing(): call it under the guard of main.py alone
         |
        --> main.py
           if __name__ == "__main__":
         +     dothing()

      id v1:7f3a91c2  not proven, but likely: inferred at 0.213 s by event 217, Python 3.14.10
      https://docs.python.org/3/library/multiprocessing.html#the-spawn-and-forkserver-start-methods

      """#
    #expect(try text(of: Fixtures.function(), style: plain) == expected)
  }

  @Test("A script whose text was not read")
  func withoutSource() throws {
    let expected = #"""
      error[ST101]: main.py is run again by each worker that it starts
        --> /elsewhere/main.py:12
         |
         | runs again when a worker imports this file: it is not under `if __name__ == "__main__":`
         |
         ╭─> /elsewhere/main.py:12  pid 4958 runs it as `__main__` and starts 2 workers (forkserver)
         ╰── /elsewhere/main.py:12  worker 4960 and 1 more run it again as `__mp_main__`, up to the same
                                    line
         |
         = blocked: the worker ends with CPython's RuntimeError, and pid 4958 waits for it for ever
         = why: under forkserver, each worker imports the main script as `__mp_main__`; under fork, none
                did
         = unseen: pid 4959: no offsets for CPython 3.17; 12 events were lost

      help: in /elsewhere/main.py, put line 12, and the lines below that need it, under
            `if __name__ == "__main__":`

      id v1:7f3a91c2  proven at 0.213 s by event 217, Python 3.13.0
      https://docs.python.org/3/library/multiprocessing.html#the-spawn-and-forkserver-start-methods

      """#
    #expect(try text(of: Fixtures.withoutSource(), style: plain) == expected)
  }

  @Test("The same without characters outside ASCII")
  func ascii() throws {
    let expected = #"""
      error[ST101]: runtest.py is run again by each worker that it starts
       --> runtest.py:6
        |
      6 | result = unittest.TextTestRunner(verbosity=2).run(suite)
        | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
        | runs again when a worker imports this file: it is not under `if __name__ == "__main__":`
        |
        +-> runtest.py:6  pid 4958 runs it as `__main__`
        |   thing.py:10   dothing() starts 4 workers (spawn): `with ctx.Pool(4) as pool:`
        +-- runtest.py:6  worker 4960 and 3 more run it again as `__mp_main__`, up to the same line
        |
        = masked: CPython's RuntimeError is swallowed: the run exits 0, and nobody knows
        = why: under spawn, each worker imports the main script as `__mp_main__`; under fork, none did

      help: guard the statement, and the lines below that need it, so that an import skips them
        |
      6 - result = unittest.TextTestRunner(verbosity=2).run(suite)
      6 + if __name__ == "__main__":
      7 +     result = unittest.TextTestRunner(verbosity=2).run(suite)

      id v1:7f3a91c2  proven at 0.213 s by event 217, Python 3.13.0
      https://docs.python.org/3/library/multiprocessing.html#the-spawn-and-forkserver-start-methods

      """#
    let style = TextStyle(color: false, unicode: false)
    #expect(try text(of: Fixtures.seed(), style: style) == expected)
  }
}
