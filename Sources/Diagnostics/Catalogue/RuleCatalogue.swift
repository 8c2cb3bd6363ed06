package import Analysis

/// The rules and what there is to say about them, in the order of their numbers.
package enum RuleCatalogue {
  package static let all = Rule.allCases.map(description)

  /// The rule with this number or name (`ST101`, `reexec-cycle`), in any case; nil if there is none.
  package static func find(_ name: String) -> RuleDescription? {
    let name = name.lowercased()
    return all.first { $0.rule.rawValue.lowercased() == name || $0.kind == name }
  }

  package static func description(of rule: Rule) -> RuleDescription {
    switch rule {
    case .reexecCycle: reexecCycle
    case .respawnLoop: respawnLoop
    case .forkBomb: forkBomb
    case .subprocessCycle: subprocessCycle
    case .selfExecLoop: selfExecLoop
    case .deadlock: deadlock
    case .lostTask: lostTask
    case .neverRan: neverRan
    case .reexecSideEffect: reexecSideEffect
    case .workerCrash: workerCrash
    case .unpicklableTarget: unpicklableTarget
    }
  }

  private static let reexecCycle = RuleDescription(
    .reexecCycle, "a worker runs the script that started it, and starts workers again",
    meaning: """
      With the start methods spawn and forkserver, a worker is a new interpreter. Before it can run
      your function, it imports the main script again, under the name __mp_main__. This executes every
      statement at the script's top level again. If one of them starts processes, each worker starts
      processes, too. With fork nothing is imported, so the script works until the start method changes:
      spawn is the default on macOS since Python 3.8, forkserver on Linux since 3.14.

      CPython refuses the second start with a RuntimeError ("An attempt has been made to start a new
      process before the current process has finished its bootstrapping phase"). A Pool replaces the
      workers that die of it, for ever. A test runner may swallow the error, and the run ends with 0.

      Where nothing refuses the second start, each process starts the next one without end: a library
      may start workers by a program of its own, which runs the main script as __mp_main__; and a frozen
      program (PyInstaller, cx_Freeze) starts its own executable as worker and resource tracker, which
      runs the main script again as __main__ unless it calls multiprocessing.freeze_support() first.

      The proof is the Python stack at the start: a call of start() inside of the frames that run the
      main script again, or in another thread while the first one runs them. If no stack can be read,
      system calls make the cycle likely. A message alone is a guess: it is shown as a note, and changes
      neither the run nor its status.
      """,
    messages: PythonMessages.reexecCycle,
    example: """
      # runtest.py
      import multiprocessing
      context = multiprocessing.get_context("spawn")
      result = context.Pool(4).map(abs, range(8))              # each worker runs this line, too
      """,
    remedy: """
      Put the code that starts processes, and the code that needs its result, under a guard:

          if __name__ == "__main__":
              result = context.Pool(4).map(abs, range(8))

      If the statement is in a module that the script imports, a guard there does not help: the
      module's __name__ is the same in every process. Move the statement into a function, and call that
      function from the script, under the script's guard. In a frozen program, call
      multiprocessing.freeze_support() first under the guard. To get fork back, ask for it by name:
      multiprocessing.get_context("fork").
      """)

  private static let respawnLoop = RuleDescription(
    .respawnLoop, "workers die for one cause, and so do their replacements",
    meaning: """
      A Pool replaces a worker that has ended, whatever the cause. If every worker dies as it starts,
      because importing the main script raises or exits, or because the initializer raises, this goes
      on for ever: the parent waits for results that never come.

      The proof is a third generation of workers that dies of the same cause as the two before it
      (--max-generations). Only workers that a Pool's own thread replaces count; a program that starts
      workers again by itself is not reported.
      """,
    messages: PythonMessages.respawnLoop,
    example: """
      # test_thing.py: unittest.main() ends each worker that imports this file
      class ThingTest(unittest.TestCase):
          def test_pool(self):
              with multiprocessing.get_context("spawn").Pool(2) as pool:
                  pool.map(abs, range(3))

      unittest.main()
      """,
    remedy: """
      Put calls that end the interpreter, and code that may run only once, under
      `if __name__ == "__main__":`. Make sure that an initializer succeeds, or catches what it raises.
      concurrent.futures.ProcessPoolExecutor does not loop: it gives up with BrokenProcessPool.
      """)

  private static let forkBomb = RuleDescription(
    .forkBomb, "workers start workers, level after level; or too many processes live",
    meaning: """
      CPython refuses to start processes only while a worker imports the main script. A thread that the
      import starts, or the work itself, can start processes later, and nothing refuses that: each level
      of workers starts the next one, and the machine fills up.

      The proof is a worker nested deeper than --max-nesting (5) below workers of the same script, or
      more living processes than --max-processes (2000). The second proof always ends the process tree,
      whatever --on-cycle says.
      """,
    example: """
      # main.py
      def later():
          multiprocessing.get_context("spawn").Process(target=print).start()

      threading.Thread(target=later).start()                   # in each worker, too
      """,
    remedy: """
      Start workers only in the first process: under `if __name__ == "__main__":`, or if
      multiprocessing.parent_process() is None. If the program needs so deep a nesting or so many
      processes, raise the limit.
      """)

  private static let subprocessCycle = RuleDescription(
    .subprocessCycle, "a script starts itself with the same arguments and environment",
    meaning: """
      A script that runs itself as a program, directly or through other programs, does the same in the
      copy as in the first process. If script, arguments, folder and environment are the same, nothing
      ends this.

      The proof is a script that has come back ten times (--max-repeats), each time as a
      descendant of the one before it. Children of one parent do not count, and neither does a recursion
      whose arguments or environment change. A script is recognised by its file, whatever name leads to
      it. A recursion that ends because of something the script reads from a file can't be recognised
      from outside: it needs a higher limit.

      If each process ends when it has started the next one, the chain outlives the command. There it is
      reported even if its arguments change, as a guess: it may hold a count that ends it.
      """,
    example: """
      # main.py
      subprocess.call([sys.executable, __file__])
      """,
    remedy: """
      Mark the child, and start nothing in a process that has the mark:

          if os.environ.get("MY_CHILD") != "1":
              subprocess.call([sys.executable, __file__], env=dict(os.environ, MY_CHILD="1"))
      """)

  private static let selfExecLoop = RuleDescription(
    .selfExecLoop, "a process replaces itself with the same script, again and again",
    meaning: """
      os.execv puts another program in the place of the running one, in the same process. A script that
      executes itself to set something up (a variable, another interpreter) must notice that it has
      already done so.

      The proof is that the same script, with the same arguments, folder and environment, has come back
      ten times in one process (--max-repeats). A single restart with a changed environment is
      common, and no loop.
      """,
    example: """
      # main.py
      os.execv(sys.executable, [sys.executable] + sys.argv)
      """,
    remedy: """
      First check whether it has been done:

          if os.environ.get("PYTHONHASHSEED") != "0":
              os.environ["PYTHONHASHSEED"] = "0"
              os.execv(sys.executable, [sys.executable] + sys.argv)
      """)

  private static let deadlock = RuleDescription(
    .deadlock, "the run waits for itself, or for something that is gone",
    meaning: """
      When --timeout SECONDS have passed, or when SIGTERM asks for the run's end, spawntrace examines
      every thread of every process: its Python stack, the call that it waits in, and which process
      could end the wait. It does so after a first Ctrl-C, too, if nothing moved before it. It is a
      deadlock if the main thread waits and nothing that could end its wait can go on: the waits go around
      in a circle, or lead to a process or thread that is gone. The program needs no preparation for this.

      A thread that waits with a timeout, for input from outside, for a connection or for a signal can
      go on by itself: a run that waits for such a thread is no deadlock, however long it takes.
      """,
    example: """
      process = context.Process(target=work, args=(queue,))    # work puts a megabyte into the queue
      process.start()
      process.join()                                           # waits for work, which waits for get()
      print(len(queue.get()))
      """,
    remedy: """
      The report shows which process waits for which, and at which line. The most common causes are:
      join() before the queue is empty (read everything first), a Pool whose worker was killed, a lock
      that was held when a process was forked (use spawn), and a full pipe that no process reads.
      """)

  private static let lostTask = RuleDescription(
    .lostTask, "a Pool's worker died with a task, and the parent waits for its result",
    meaning: """
      A multiprocessing.Pool replaces a worker that has died, and gives it the next task. The task that
      the dead worker had in its hands is lost: no other worker gets it, and its result never comes. A
      parent that waits for it without a timeout (map, apply, get, the next result of imap, or join
      after close) waits for ever, and a CI job hangs until its limit.

      The proof is the number of the job, which the dying worker had and the parent waits for. The
      report shows the line that waits, the line where the worker was when it died, and who ended it. A
      parent that waits with a timeout gets a note about the worker only (ST202).
      """,
    example: """
      def work(n):
          os._exit(3)                                          # or the kernel ends it: out of memory

      with multiprocessing.Pool(2) as pool:
          pool.map(work, range(4))                             # waits for ever
      """,
    remedy: """
      Use concurrent.futures.ProcessPoolExecutor, which raises BrokenProcessPool if a worker dies, or
      wait with a timeout: pool.map_async(work, items).get(timeout=600). If memory ran out, start fewer
      workers, or give each of them less to hold.
      """)

  private static let neverRan = RuleDescription(
    .neverRan, "a worker ended while it imported main, and its task never ran",
    meaning: """
      A worker of spawn or forkserver imports the main script before it runs its task. If that import
      ends the interpreter, by unittest.main(), sys.exit() or a parser of arguments, the worker ends
      without an exception, and no traceback is printed. Its parent sees an exit code, often 0, and
      takes the work for done. A Pool replaces such workers for ever, and that is ST102.

      The proof is a worker that opened the main script and ended before it was ready to work, without a
      traceback. The line is that of the last Python stack before the end; if there is none, the
      program's text shows it, as long as one statement alone can end the interpreter. Since Python
      3.13.8 and 3.14.1 the forkserver itself imports the main script: then the server ends, and start()
      raises an error about its connection.
      """,
    example: """
      # test_thing.py
      class ThingTest(unittest.TestCase):
          def test_work(self):
              process = multiprocessing.get_context("spawn").Process(target=work)
              process.start()
              process.join()                                   # exit code 0 or 5, and work never ran

      unittest.main()                                          # each worker ends here
      """,
    remedy: """
      Put the call that ends the interpreter under a guard:

          if __name__ == "__main__":
              unittest.main()
      """)

  private static let reexecSideEffect = RuleDescription(
    .reexecSideEffect, "each worker does work of the main script again",
    meaning: """
      A worker of spawn or forkserver imports the main script again. This executes the code at the
      script's top level in every worker: here it forks workers, or runs several programs. It ends by
      itself, because a forked worker imports nothing. But the work is done once more for each worker,
      and what it leaves behind (files, rows in a database, messages) is there as often.
      """,
    example: """
      # main.py
      with multiprocessing.get_context("fork").Pool(2) as pool:
          print(pool.map(abs, range(4)))                       # once more in each worker below

      if __name__ == "__main__":
          multiprocessing.get_context("spawn").Process(target=print).start()
      """,
    remedy: """
      Put the code under `if __name__ == "__main__":`, or into a function that is called there.
      """)

  private static let workerCrash = RuleDescription(
    .workerCrash, "a worker died of a signal or of an uncaught exception",
    meaning: """
      A worker's parent sees an exit code, if it looks at it; the run may still end with 0. The report
      shows the line that the worker was at (from its traceback, or from its stack when the signal
      came), which process sent the signal, and where the worker was started. Workers that their parent
      ended, or that ended with the whole run, are not reported.

      If no process of the run has sent a SIGKILL, it comes from outside: usually from the kernel's
      out-of-memory killer, or because of a container's limit.
      """,
    messages: PythonMessages.workerCrash,
    example: """
      def work():
          ctypes.string_at(0)                                  # SIGSEGV

      process = context.Process(target=work)
      process.start()
      process.join()                                           # exitcode -11, and the run ends with 0
      """,
    remedy: """
      Look at the line, and check process.exitcode after join(). ProcessPoolExecutor reports a dead
      worker with BrokenProcessPool; a Pool doesn't, and loses the worker's task. After a SIGKILL, look
      at dmesg and at the cgroup's memory.events.
      """)

  private static let unpicklableTarget = RuleDescription(
    .unpicklableTarget, "the function or the arguments of a worker cannot be sent to it",
    meaning: """
      A worker of spawn or forkserver gets its function and arguments by pickle: functions and classes
      as the names of their modules, objects as the data that they are made of. A lambda, a function
      inside another one, an open file or a lock can't be sent that way. With fork the child already has
      everything, so the fault appears when the start method changes (Python 3.14 made forkserver the
      default on Linux).

      The proof is the traceback that the process prints; or a start that launches no worker, if the
      program or its test runner keeps the exception to itself.

      A worker that does not find what it should run ("Can't get attribute", "has no attribute") shows
      the same fault from the other side: the worker imports the module by itself, and what is defined
      under a guard or in a function is not there.
      """,
    messages: PythonMessages.unpicklableTarget,
    example: """
      process = context.Process(target=lambda: print("work"))
      process.start()                                          # PicklingError
      """,
    remedy: """
      Use a function at the top level of a module, with functools.partial for its arguments. Create what
      can't be pickled in the worker: in its function, or in an initializer. Define what workers run
      above the guard.
      """)
}
