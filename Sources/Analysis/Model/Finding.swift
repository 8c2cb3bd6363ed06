package import Multiprocessing
package import TraceModel

/// The rules of the contract.
package enum Rule: String, Hashable, Sendable, CaseIterable {
  case reexecCycle = "ST101"
  case respawnLoop = "ST102"
  case forkBomb = "ST103"
  case subprocessCycle = "ST104"
  case selfExecLoop = "ST105"
  case deadlock = "ST106"
  case lostTask = "ST107"
  case neverRan = "ST108"
  case reexecSideEffect = "ST201"
  case workerCrash = "ST202"
  case unpicklableTarget = "ST203"

  /// The rule's name in reports and verdicts.
  package var kind: String {
    switch self {
    case .reexecCycle: "reexec-cycle"
    case .respawnLoop: "respawn-loop"
    case .forkBomb: "fork-bomb"
    case .subprocessCycle: "subprocess-cycle"
    case .selfExecLoop: "self-exec-loop"
    case .deadlock: "deadlock"
    case .lostTask: "lost-task"
    case .neverRan: "never-ran"
    case .reexecSideEffect: "reexec-side-effect"
    case .workerCrash: "worker-crash"
    case .unpicklableTarget: "unpicklable-target"
    }
  }

  package var severity: Severity {
    switch self {
    case .reexecCycle, .respawnLoop, .forkBomb, .subprocessCycle, .selfExecLoop, .deadlock,
      .lostTask, .neverRan:
      .error
    case .reexecSideEffect, .workerCrash, .unpicklableTarget: .note
    }
  }
}

package enum Severity: String, Hashable, Sendable {
  case error
  case note
}

/// How sure a finding is.
package enum Certainty: String, Hashable, Sendable {
  /// Seen directly.
  case proven
  /// Inferred from arguments and structure.
  case likely
  /// From a log's text only.
  case guess
}

/// The effect of a cycle on the run.
package enum Consequence: String, Hashable, Sendable {
  /// The workers die or give up, and the run goes on or ends.
  case contained
  /// Dead workers are replaced for ever.
  case respawning
  /// The parent waits for ever for a worker that is dead.
  case blocked
  /// The error is swallowed: the run would end as if nothing had happened.
  case masked
  /// spawntrace ended the run before anything else could happen.
  case stopped
}

/// A fault of the program that a rule found.
package struct Finding: Hashable, Sendable {
  package var rule: Rule
  package var certainty: Certainty
  /// What the fault does to the run: expected while the run goes on, and what was seen in the report
  /// of a run that is over.
  package var consequence: Consequence?
  /// The script that is run again.
  package var script: Script?
  /// The statement that starts the process when it is executed at import.
  package var culprit: SourceLocation?
  /// The innermost frame of the user's code.
  package var callSite: SourceLocation?
  /// The Python stack of the proof, innermost first, paths absolute.
  package var stack: [PythonFrame]
  /// The native stack at the same moment, with the Python frames in between, if it was read.
  package var nativeStack: MixedStack?
  /// The start method of the worker that proves the finding.
  package var startMethod: StartMethod?
  package var python: PythonVersion?
  /// The processes that show it, in the order in which they did; the first `processLimit` of them.
  package var processes: [Int]
  /// The number of further processes that show it.
  package var furtherProcesses = 0
  /// How often the same process shows it again.
  package var furtherRepeats = 0
  /// The facts that only its rule has.
  package var detail: Detail
  package var provenAt: TraceTime
  package var provenByEvent: UInt64
  /// The same for the same fault in other runs, checkouts and hosts.
  package var fingerprint: String
  /// What the fingerprint is made of.
  package var identity = FaultIdentity()

  /// How grave it is: a guess is a note, whatever its rule says. It neither ends a run nor changes
  /// its status or verdict.
  package var severity: Severity {
    certainty == .guess ? .note : rule.severity
  }

  /// The number of times it was seen: the number of processes, if each shows it once.
  package var occurrences: Int {
    processes.count + furtherProcesses + furtherRepeats
  }

  /// Whether more processes live than the limit allows.
  package var isOfProcessLimit: Bool {
    if case .liveProcesses = detail { true } else { false }
  }

  /// Whether it is about a chain of self-starts that lives on after the command.
  package var isOfChain: Bool {
    if case .selfStarts = detail { true } else { false }
  }

  /// How the worker ended that the finding is about; nil if it is about something else.
  package var workerEnd: WorkerEnd? {
    switch detail {
    case .workerEnd(let end), .lostTask(let end): end
    default: nil
    }
  }

  /// The facts that only one rule has, enough for all of its sentences.
  package enum Detail: Hashable, Sendable {
    /// ST101: what runs the script again.
    case cycle(Cycle)
    /// ST102: how the workers end, and whether the parent was seen to replace them as a Pool does.
    indirect case respawn(WorkerEnd, isPool: Bool)
    /// ST103: how many workers are nested.
    case nesting(Int)
    /// ST103: how many processes are alive at once.
    case liveProcesses(Int, limit: Int)
    /// ST104, ST105: what repeats.
    case repeats(Repeats)
    /// ST104: how many self-starts there are in a chain that lives on after the command.
    case selfStarts(Int)
    /// ST106: the thread that the run's result depends on, the path of its script or else of its
    /// program, and the processes that wait for each other in a circle, in the order of the waits;
    /// empty if there is no circle.
    indirect case deadlock(main: SurveyedThread, program: String?, circle: [Int])
    /// ST107: how the worker ended that had the task.
    indirect case lostTask(WorkerEnd)
    /// ST108: how a worker, or the forkserver, ended while it imported main.
    indirect case neverRan(WorkerEnd, isServer: Bool)
    /// ST201: what a worker started while it imported the main module.
    case work(workers: Int, programs: Int)
    /// ST202: how a worker ended.
    indirect case workerEnd(WorkerEnd)
    /// ST203: the traceback of pickle's error.
    indirect case pickling(Traceback)
    /// ST203: a start launched no worker, and the program kept the exception.
    case notLaunched
    /// ST203: a worker did not find by its name what it was to run.
    indirect case lookup(WorkerEnd)
  }

  /// What runs a main program again.
  package enum Cycle: Hashable, Sendable {
    /// A worker of multiprocessing, or of a library of its shape.
    case worker
    /// The forkserver itself, for its workers.
    case server
    /// A worker of a library's own, which runs this program.
    case library(WorkerProgram)
    /// A frozen program's executable, which was to be a worker or a tracker.
    case executable(Role)
  }

  /// Programs that start each other again.
  package struct Repeats: Hashable, Sendable {
    /// A program of the round, and where it starts the next one.
    package struct Step: Hashable, Sendable {
      package var process: Int
      /// The path of its script, or else of the program's file; nil if neither is known.
      package var program: String?
      package var site: SourceLocation?

      package init(process: Int, program: String? = nil, site: SourceLocation?) {
        self.process = process
        self.program = program
        self.site = site
      }
    }

    /// How often the first one has come back.
    package var count: Int
    /// Once around, from the first one on.
    package var round: [Step]

    package init(count: Int, round: [Step]) {
      self.count = count
      self.round = round
    }
  }

  /// Notes that one more process shows it; false if there are too many to name this one.
  mutating func add(_ process: Int) -> Bool {
    guard processes.count < Self.processLimit else {
      furtherProcesses += 1
      return false
    }
    processes.append(process)
    return true
  }

  /// More processes would add nothing, and a bomb has millions.
  package static let processLimit = 1000

  package init(
    rule: Rule, detail: Detail, certainty: Certainty, stack: [PythonFrame], processes: [Int],
    provenAt: TraceTime, provenByEvent: UInt64, fingerprint: String
  ) {
    self.rule = rule
    self.certainty = certainty
    self.detail = detail
    self.stack = stack
    self.processes = processes
    self.provenAt = provenAt
    self.provenByEvent = provenByEvent
    self.fingerprint = fingerprint
  }
}

extension Finding {
  /// What runs the main program again (ST101); nil for other rules.
  package var cycle: Cycle? {
    if case .cycle(let cycle) = detail { cycle } else { nil }
  }
}

extension Finding.Detail {
  /// The cause of a worker's death.
  var cause: WorkerEnd.Cause? {
    switch self {
    case .workerEnd(let end), .respawn(let end, _), .neverRan(let end, _),
      .lookup(let end):
      end.cause
    default: nil
    }
  }
}
