import Analysis

extension Explanation {
  static let reexecCycle = Explanation(
    .reexecCycle, "a worker runs the script that started it, and starts workers again",
    meaning: """
      Under the start methods spawn and forkserver a worker is a new interpreter. Before it can run your
      function it imports the main script again, under the name __mp_main__. A statement at the script's
      margin is executed then, too; where it starts processes, each worker starts processes. Under fork
      nothing is imported, which is why the script worked until the method changed: spawn is the default
      on macOS since 3.8, forkserver on Linux since 3.14.

      CPython refuses the second start with a RuntimeError ("An attempt has been made to start a new
      process before the current process has finished its bootstrapping phase"). A Pool replaces the
      workers that die of it, for ever; a test runner may swallow it, and the run ends with 0.

      Proven by the Python stack at the start: a start() above the frame that runs the main script again.
      Where no stack can be read, system calls and the traceback's text make it likely.
      """,
    example: """
      # runtest.py
      import multiprocessing
      multiprocessing.set_start_method("spawn")
      result = multiprocessing.Pool(4).map(abs, range(8))      # each worker runs this line, too
      """,
    remedy: """
      Put what starts processes, and what needs its result, under a guard:

          if __name__ == "__main__":
              result = multiprocessing.Pool(4).map(abs, range(8))

      Where the statement is in a module that the script imports, a guard there does not help, because its
      __name__ is the module's in every process: make it a function that the script calls under its own
      guard. To have fork back, name it: multiprocessing.get_context("fork").
      """)

  static let respawnLoop = Explanation(
    .respawnLoop, "workers die for one cause and are replaced by others that die of it",
    meaning: """
      A Pool replaces a worker that has ended, whatever it ended of. Where each one dies as it starts,
      because importing the main script raises or exits, or because the initializer raises, it goes on for
      ever: the parent waits for results that never come.

      Proven when the third generation dies of what the two before it died of (--max-generations). A
      program that starts a worker again by itself is not meant: only what a Pool's own thread replaces.
      """,
    example: """
      # test_thing.py: unittest.main() ends each worker that imports this file
      class ThingTest(unittest.TestCase):
          def test_pool(self):
              with multiprocessing.get_context("spawn").Pool(2) as pool:
                  pool.map(abs, range(3))

      unittest.main()
      """,
    remedy: """
      Put what ends the interpreter, and what may run only once, under `if __name__ == "__main__":`. Let an
      initializer succeed or catch what it raises. concurrent.futures.ProcessPoolExecutor gives up with
      BrokenProcessPool in place of a loop.
      """)

  static let forkBomb = Explanation(
    .forkBomb, "workers start workers, each level more; or too many processes live",
    meaning: """
      CPython refuses a start only while a worker imports the main script. What starts later, in a thread
      that the import begins or in the work itself, is refused by nobody: each level of workers starts the
      next one, and the machine fills up.

      Proven when workers of one script are nested deeper than --max-nesting (5), or when more processes
      live at once than --max-processes (2000). The second ends the tree whatever --on-cycle says.
      """,
    example: """
      # main.py
      def later():
          multiprocessing.get_context("spawn").Process(target=print).start()

      threading.Thread(target=later).start()                   # in each worker, too
      """,
    remedy: """
      Start workers in the first process alone: under `if __name__ == "__main__":`, or where
      multiprocessing.parent_process() is None. Where so deep a nesting, or so many processes, are meant,
      raise the limit.
      """)

  static let subprocessCycle = Explanation(
    .subprocessCycle, "a script starts itself with the same arguments and environment",
    meaning: """
      A script that runs itself as a program, directly or through others, does in the copy what it did in
      the first one. Nothing ends it where script, arguments, folder and environment are the same.

      Proven when one has come back more than ten times (--max-repeats), each a descendant of the one
      before it. Children beside each other never count, nor does a recursion whose arguments or variables
      change. A script is known by its file, whatever name leads to it. What a script reads from a file
      nobody can see from outside: a recursion that such a file ends needs a higher limit.
      """,
    example: """
      # main.py
      subprocess.call([sys.executable, __file__])
      """,
    remedy: """
      Tell the child that it is one, and let it start nothing:

          if os.environ.get("MY_CHILD") != "1":
              subprocess.call([sys.executable, __file__], env=dict(os.environ, MY_CHILD="1"))
      """)

  static let selfExecLoop = Explanation(
    .selfExecLoop, "a process replaces itself with the same script, again and again",
    meaning: """
      os.execv puts another program in the place of the running one, in the same process. A script that
      executes itself to set something up (a variable, an interpreter) must see that it has done so.

      Proven when the same script with the same arguments, folder and environment has come back more than
      ten times in one process (--max-repeats). Once, with a changed environment, is a habit and no loop.
      """,
    example: """
      # main.py
      os.execv(sys.executable, [sys.executable] + sys.argv)
      """,
    remedy: """
      Look first whether it was done:

          if os.environ.get("PYTHONHASHSEED") != "0":
              os.environ["PYTHONHASHSEED"] = "0"
              os.execv(sys.executable, [sys.executable] + sys.argv)
      """)

  static let deadlock = Explanation(
    .deadlock, "the time was over and nothing moved",
    meaning: """
      When --timeout SECONDS have passed, or SIGTERM asks for the run's end, every thread of every process
      is looked at: its Python stack, the call that it waits in, and who could end that wait. Where nothing
      has run and the waits go round in a circle, or lead to a lock that its own holder waits for, that is a
      deadlock; the program needs no preparation for it.

      What waits for something outside of the run (a server, a person) is told and is no deadlock.
      """,
    example: """
      process = context.Process(target=work, args=(queue,))    # work puts a megabyte into the queue
      process.start()
      process.join()                                           # waits for work, which waits for get()
      print(len(queue.get()))
      """,
    remedy: """
      Read who waits for whom, and at which line. Most common: join() before the queue is drained (take
      everything out first), a Pool whose worker was killed, a lock that was held when a process was forked
      (use spawn), a full pipe that nobody reads.
      """)

  static let reexecSideEffect = Explanation(
    .reexecSideEffect, "each worker does work of the main script again",
    meaning: """
      A worker of spawn or forkserver imports the main script again. What stands at its margin is executed
      in each of them: here it forks workers, or runs several programs. It comes to an end, because a fork
      imports nothing; but it is done once more for each worker, and what it leaves (files, rows, messages)
      is there as often.
      """,
    example: """
      # main.py
      with multiprocessing.get_context("fork").Pool(2) as pool:
          print(pool.map(abs, range(4)))                       # once more in each worker below

      if __name__ == "__main__":
          multiprocessing.get_context("spawn").Process(target=print).start()
      """,
    remedy: """
      Put it under `if __name__ == "__main__":`, or into a function that is called there.
      """)

  static let workerCrash = Explanation(
    .workerCrash, "a worker died of a signal or of an exception that nobody caught",
    meaning: """
      The parent of a worker sees an exit code, if it looks; a run may end with 0 all the same. Told are the
      line that the worker was at (by its traceback, or by its stack when the signal came), who sent the
      signal, and where the worker was asked for. Not told are workers that their parent ended, or that ended
      with the whole run.

      SIGKILL that nobody of the run has sent comes from outside: mostly the kernel's out-of-memory killer,
      or a container's limit.
      """,
    example: """
      def work():
          ctypes.string_at(0)                                  # SIGSEGV

      process = context.Process(target=work)
      process.start()
      process.join()                                           # exitcode -11, and the run ends with 0
      """,
    remedy: """
      Look at the line, and at process.exitcode after join(). ProcessPoolExecutor tells of a dead worker by
      BrokenProcessPool; a Pool doesn't, and loses its task. For SIGKILL see dmesg and the cgroup's
      memory.events.
      """)

  static let unpicklableTarget = Explanation(
    .unpicklableTarget, "what a worker should run cannot be sent to it",
    meaning: """
      To a worker of spawn or forkserver its function and arguments are sent by pickle: functions and
      classes by the name of their module, objects by what they are made of. A lambda, a function within
      another one, an open file or a lock can't be sent so. Under fork the child has everything already,
      which is why this begins when the start method changes (3.14 made forkserver Linux's default).

      Told by the traceback that the process prints.
      """,
    example: """
      process = context.Process(target=lambda: print("work"))
      process.start()                                          # PicklingError
      """,
    remedy: """
      Use a function at the margin of a module, with functools.partial for its arguments. Make what can't be
      pickled in the worker: in its function, or in an initializer.
      """)
}
