package import TraceModel

/// The local variables of a Pool's functions that hold its jobs, by their indices in
/// `co_varnames` (Lib/multiprocessing/pool.py, the same from 3.6 to 3.15, and multiprocess, which
/// is made from it).
package enum PoolVariable {
  /// `job` in `worker`; None between two tasks.
  package static let job = 10
  /// `completed` in `worker`, an int from the beginning on.
  package static let completed = 8
  /// `cache` in `_handle_results`: the results that are not complete yet, by their jobs.
  package static let resultsCache = 2
  /// `cache` in `_handle_workers`, from 3.8 on.
  package static let workersCache = 1
  /// `self` in a method.
  package static let receiver = 0
}

extension PythonCallStack {
  /// The frames that are a worker's own: a forked one has its parent's frames farther out, or the
  /// forkserver's, and ends itself there.
  package var workersOwn: [PythonFrame] {
    Array(frames.prefix { !$0.endsWorker })
  }
}

extension PythonFrame {
  /// Whether the frame made a worker by fork, and ends it in the end: `Popen._launch`
  /// (popen_fork.py), the forkserver's `main` and `_serve_one` (forkserver.py).
  package var endsWorker: Bool { plays(.forks) || path.ends(with: "/forkserver.py") }

  /// Whether the frame receives a Pool's results, in a thread of its own: `_handle_results`.
  package var receivesPoolResults: Bool {
    function == "_handle_results" && path.ends(with: "/pool.py")
  }

  /// Whether the frame sends a Pool's tasks, in a thread of its own: `_handle_tasks`.
  package var sendsPoolTasks: Bool {
    function == "_handle_tasks" && path.ends(with: "/pool.py")
  }

  /// Whether the frame takes something out of a queue of threads: `Queue.get` (Lib/queue.py).
  package var getsFromQueue: Bool { function == "get" && path.ends(with: "/queue.py") }

  /// Whether the frame keeps a Pool's workers alive, in a thread of its own: `_handle_workers`.
  package var keepsPoolWorkers: Bool {
    function == "_handle_workers" && path.ends(with: "/pool.py")
  }

  /// Whether the frame waits for a result of a Pool: `ApplyResult.wait` and `get`,
  /// `IMapIterator.next` (pool.py).
  package var awaitsPoolResult: Bool {
    ["wait", "get", "next"].contains(function) && path.ends(with: "/pool.py")
  }

  /// Whether the frame waits until a Pool's workers have ended: `Pool.join` (pool.py).
  package var joinsPool: Bool { function == "join" && path.ends(with: "/pool.py") }

  /// Whether the frame waits for a thread: `Thread.join` (Lib/threading.py).
  package var joinsThread: Bool { function == "join" && path.ends(with: "/threading.py") }

  /// Whether the frame runs a thread's function: `Thread.run` (Lib/threading.py).
  package var runsThread: Bool { function == "run" && path.ends(with: "/threading.py") }
}
