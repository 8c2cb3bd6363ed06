/// What Python prints for a rule's fault, as people search for it. The messages are those of CPython
/// 3.8 to 3.14, found by running such programs.
enum PythonMessages {
  static let reexecCycle = """
    RuntimeError: An attempt has been made to start a new process before the current process has
    finished its bootstrapping phase.
        In each worker, or in the forkserver. With spawn this may be all there is: a Pool prints it
        again and again and never ends.

    ConnectionResetError: [Errno 104] Connection reset by peer
        The last words with forkserver since Python 3.14.1 and 3.13.8, of Process.start(), a Pool, a
        ProcessPoolExecutor and a Manager alike. The server imports the main script, and dies of the
        RuntimeError, which stands far above.

    concurrent.futures.process.BrokenProcessPool: A process in the process pool was terminated
    abruptly while the future was running or pending.
        A ProcessPoolExecutor with spawn.

    EOFError
        multiprocessing.Manager() with spawn.

    BrokenPipeError: [Errno 32] Broken pipe
        Process.start() with spawn and large arguments.
    """

  static let respawnLoop = """
    RuntimeError: context has already been set
        Again and again: set_start_method() stands above the guard, or there is none, and each worker
        that imports the script calls it a second time.
    """

  static let workerCrash = """
    concurrent.futures.process.BrokenProcessPool: A process in the process pool was terminated
    abruptly while the future was running or pending.
        A worker of a ProcessPoolExecutor was killed, or ended by itself. If the main script has no
        guard, it is ST101.
    """

  static let unpicklableTarget = """
    AttributeError: Can't get attribute 'work' on <module '__main__' (built-in)>
    AttributeError: module '__main__' has no attribute 'work'
        In a worker, if the function was typed in at a prompt, in a notebook or after python -c: no
        file has it that a worker could import. Python 3.14 has the second form.

    AttributeError: Can't get attribute 'work' on <module '__mp_main__' from '...'>
        The function is under the guard, or inside another one.

    _pickle.PicklingError: Can't pickle <function <lambda> at 0x...>
    AttributeError: Can't get local object 'main.<locals>.work'
    TypeError: cannot pickle '_thread.lock' object
        In the process that starts the worker.
    """
}
