internal import Multiprocessing
internal import TraceModel

/// The ends of workers that should not have ended in this way: a fold over the events.
///
/// A worker is a process that multiprocessing, or a library like it, was seen to start. An end is
/// left out if the parent ended the worker, if it was ended with the whole run (by the terminal, by
/// a CI system, by spawntrace), if it outlived its parent, or if CPython refused its start of a
/// process (ST101).
struct WorkerEnds: Sendable {
  /// What the stack at a traceback's head shows of the exception, by process: of the last one.
  private var exceptions: [Int: ExceptionHandling] = [:]
  /// The signal that was the last to reach a process.
  private var deliveries: [Int: Delivery] = [:]
  /// The SIGKILL that was sent to a process: the process itself shows nothing of it.
  private var kills: [Int: Delivery] = [:]
  /// The threads that were seen to die at their work, by process.
  private var dying: [Int: DyingWorker] = [:]
  /// The signals that reached a process before its last one, and that it has survived.
  private var survived: [Int: Set<Int32>] = [:]
  /// Where the names are defined that workers did not find.
  private var definitions: [Int: SourceDefinition] = [:]
  /// How far workers come in their boot windows.
  private var bootExits = BootExits()

  private struct DyingWorker {
    /// Innermost first, paths absolute.
    var stack: [PythonFrame]
    var job: Int?
    var outOfMemoryKills: Int?
    var isOrphan: Bool
  }

  private struct Delivery {
    var signal: Int32
    var sender: Int?
    var isOurs = false
    /// The frames as they were read, with the directory of relative paths: few deliveries are an
    /// end.
    var frames: [PythonFrame] = []
    var directory = "/"
    var nativeStack: MixedStack?

    /// Innermost first, paths absolute.
    var stack: [PythonFrame] { frames.absolute(in: directory) }

    mutating func add(_ reading: StackReading?, of id: Int, in forest: ProcessForest) {
      guard case .read(let stack) = reading else { return }
      frames = stack.frames
      directory = forest.directory(of: id)
    }
  }

  /// Adds one event that the forest knows already; returns the end of a worker, if it is one.
  mutating func observe(
    _ event: Event, _ change: Change, in forest: ProcessForest
  ) -> WorkerEnd? {
    let id = change.process
    guard id != 0 else { return nil }
    switch event.kind {
    case .wrote(let written):
      if written.descriptor == 2 { wrote(written.text, id, event.stack, in: forest) }
      if let definition = written.definition { definitions[id] = definition }
    case .opened(let open):
      if !open.exits.isEmpty || open.replacesInput, forest[id].isBooting {
        bootExits.opened(open, by: id)
      }
    case .blinded:
      if forest[id].isBooting { bootExits.blinded(id) }
    case .signalled(let delivery): signalled(id, delivery, event, in: forest)
    case .sent(let sending):
      guard sending.signal == Self.kill else { break }
      for target in sending.targets {
        guard let target = forest.id(of: target) else { continue }
        var delivery = Delivery(signal: Self.kill, sender: id)
        delivery.add(event.stack, of: id, in: forest)
        kills[target] = delivery
      }
    case .dying(let worker): dies(id, worker, event.stack, in: forest)
    case .executed:
      // A SIGKILL that was sent before it executed this program ends it all the same.
      if !isIdle { forgetImage(of: id) }
    case .exited(let termination):
      defer { forget(id) }
      if forest.isWorker(id) { return ended(id, termination, event.stack, in: forest) }
      if forest.isServerThatNeverServed(id) {
        let end = ended(id, termination, event.stack, in: forest)
        if case .exit = end?.reason { return end }
      }
    default: break
    }
    return nil
  }

  /// SIGKILL (signal(7)).
  private static let kill: Int32 = 9
  /// Signals with which terminals and CI systems end a whole run: SIGHUP, SIGINT, SIGQUIT, SIGTERM.
  private static let runEnding: Set<Int32> = [1, 2, 3, 15]

  /// Signals that the kernel sends for faults: SIGILL, SIGTRAP, SIGBUS, SIGFPE, SIGSEGV (signal(7)).
  private static let faults: Set<Int32> = [4, 5, 7, 8, 11]

  private var isIdle: Bool {
    exceptions.isEmpty && deliveries.isEmpty && kills.isEmpty && dying.isEmpty && bootExits.isIdle
      && definitions.isEmpty
  }

  private mutating func forget(_ id: Int) {
    if isIdle { return }
    forgetImage(of: id)
    kills[id] = nil
  }

  private mutating func forgetImage(of id: Int) {
    exceptions[id] = nil
    deliveries[id] = nil
    survived[id] = nil
    dying[id] = nil
    bootExits.forget(id)
    definitions[id] = nil
  }

  // MARK: While it lives

  private mutating func wrote(
    _ text: String, _ id: Int, _ reading: StackReading?, in forest: ProcessForest
  ) {
    if TracebackReader.begins(in: text) {
      exceptions[id] = ExceptionHandling(reading, after: exceptions[id])
    }
    if reading != nil, forest[id].isBooting { bootExits.wrote(text, reading, by: id, in: forest) }
  }

  private mutating func signalled(
    _ id: Int, _ delivery: SignalDelivery, _ event: Event, in forest: ProcessForest
  ) {
    guard forest.isWorker(id) else { return }
    var new = Delivery(
      signal: delivery.signal, sender: delivery.sender.flatMap { forest.id(of: $0) },
      isOurs: delivery.isOurs, nativeStack: event.nativeStack)
    new.add(event.stack, of: id, in: forest)
    if let before = deliveries[id] {
      // A handler of faults (faulthandler's) has reported it and raises it again.
      if new.sender == id, before.signal == new.signal, before.sender == nil,
        Self.faults.contains(new.signal)
      {
        return
      }
      survived[id, default: []].insert(before.signal)
    }
    deliveries[id] = new
  }

  private mutating func dies(
    _ id: Int, _ worker: Dying, _ reading: StackReading?, in forest: ProcessForest
  ) {
    guard forest.isWorker(id) else { return }
    var frames: [PythonFrame] = []
    if case .read(let stack) = reading {
      frames = stack.frames.absolute(in: forest.directory(of: id))
    }
    // The thread that ends the process comes first, and the main thread, which has the job, next.
    var entry = dying[id] ?? DyingWorker(stack: frames, isOrphan: worker.isOrphan)
    entry.job = worker.job ?? entry.job
    entry.outOfMemoryKills = worker.outOfMemoryKills ?? entry.outOfMemoryKills
    dying[id] = entry
  }

  // MARK: At its end

  private func ended(
    _ id: Int, _ termination: Termination, _ reading: StackReading?, in forest: ProcessForest
  ) -> WorkerEnd? {
    let death = dying[id]
    // Most workers have done their work.
    if termination == .status(0), !forest[id].isBooting, death?.job == nil { return nil }
    let record = forest[id]
    let written = forest.tracebacks(of: id)
    let isBooting = record.isBooting && self.isBooting(id, reading, written, in: forest)
    if termination == .status(0), !isBooting, death?.job == nil { return nil }
    guard !isRefused(id, written),
      record.logicalParent.map({ forest[$0].endedAt == nil }) ?? true
    else { return nil }
    let phase: WorkerEnd.Phase = isBooting ? .boot : .task
    let script = record.script?.path ?? record.logicalParent.flatMap { forest[$0].script?.path }
    var end: WorkerEnd
    switch termination {
    case .signal(let signal):
      let signalled = self.signalled(id, by: signal)
      let isExcused =
        signalled.map { self.isExcused($0, id, in: forest) }
        // What a worker asks for itself, to end with its parent.
        ?? (Self.runEnding.contains(signal) || death?.isOrphan == true)
      if signalled?.isOurs == true || isExcused && death?.job == nil { return nil }
      end = WorkerEnd(process: id, phase: phase, reason: .signal(signal, sender: signalled?.sender))
      end.isExcused = isExcused
      end.senderID = signalled?.sender.map { forest[$0].pid }
      end.nativeStack = signalled?.nativeStack
      // The stack of a SIGKILL is that of its sender.
      let sent = signal == Self.kill ? signalled?.stack : nil
      end.senderPlace = sent.flatMap { Self.culprit(of: $0, .task, nil) }
      end.stack = death?.stack ?? signalled?.stack ?? []
      if signal != Self.kill, let stack = signalled?.stack, !stack.isEmpty { end.stack = stack }
      end.culprit = Self.culprit(of: end.stack, phase, script) ?? end.senderPlace
    case .status(let status):
      guard status != 0 || phase == .boot || death?.job != nil else { return nil }
      let handling = exceptions[id] ?? .unknown
      // loky prints the exception itself, and ends with 255 (loky/backend/popen_loky_posix.py).
      let isOfException =
        status == 1 || status == 255 && record.startMethod == .loky && handling == .uncaught
      if isOfException, death == nil, handling == .uncaught || handling == .unknown,
        let traceback = written?.last,
        !["SystemExit", "KeyboardInterrupt"].contains(traceback.exception)
      {
        end = WorkerEnd(process: id, phase: phase, reason: .exception(traceback))
        end.stack = traceback.frames.absolute(in: record.workingDirectory ?? "/")
        end.culprit = Self.culprit(of: end.stack, phase, script)
        end.isCertain = handling == .uncaught
        if traceback.failedLookup != nil { end.definition = definitions[id] }
      } else {
        if death == nil, phase == .task, Self.hidesStatus(record, status) { return nil }
        end = WorkerEnd(process: id, phase: phase, reason: .exit(status))
        end.stack = death?.stack ?? []
        if phase == .boot {
          // A forkserver's worker ends with 1, whatever SystemExit says (forkserver.py, `main`).
          let own = record.role == .forkserverWorker ? nil : status
          let (culprit, exit) = bootExits.exit(
            of: id, status: own, end.stack.isEmpty ? reading?.frames : end.stack, in: forest)
          end.culprit = culprit
          end.exit = exit
          end.exit?.hasTraceback = written?.last != nil
        } else {
          end.culprit = Self.culprit(of: end.stack, phase, script)
        }
      }
    }
    end.job = death?.job
    end.outOfMemoryKills = death?.outOfMemoryKills
    end.site = record.site
    return end
  }

  /// Whether a worker that wasn't seen to be ready was not ready. One without a standard input opens
  /// nothing when it is: then only a stack or a traceback shows it.
  private func isBooting(
    _ id: Int, _ reading: StackReading?, _ written: TracebackReader?, in forest: ProcessForest
  ) -> Bool {
    guard forest.opensNullDevice(id) == false || bootExits.replacesInput(id) else { return true }
    let frames = [reading?.frames, dying[id]?.stack, written?.last?.frames].compactMap(\.self)
    return bootExits.showsEnd(of: id)
      || frames.joined().contains { $0.plays(.preparesMain) }
  }

  /// Whether CPython has refused a start of a process, which ended the worker: that is ST101.
  /// Its words alone are a text that any program can print.
  private func isRefused(_ id: Int, _ written: TracebackReader?) -> Bool {
    guard let written, let refusal = written.refusal,
      written.last.map({ $0.exception == "RuntimeError" }) ?? true
    else { return false }
    // Without stacks the words are all there is.
    guard let handling = exceptions[id], handling != .unknown else { return refusal.isWhole }
    return handling != .caught && refusal.isRaisedByCheck
  }

  /// Whether every worker of its kind ends with this status: a forkserver of 3.6 sends the real one
  /// to the parent by a pipe (Lib/multiprocessing/forkserver.py, `main`).
  private static func hidesStatus(_ record: ProcessRecord, _ status: Int32) -> Bool {
    guard record.role == .forkserverWorker, status == 1, let python = record.python else {
      return false
    }
    return python.major == 3 && python.minor <= 6
  }

  /// The signal that killed a worker; nil if its way to the worker wasn't seen.
  private func signalled(_ id: Int, by signal: Int32) -> Delivery? {
    let delivery = signal == Self.kill ? kills[id] : deliveries[id]
    return delivery?.signal == signal ? delivery : nil
  }

  /// Whether the worker's parent or the user was entitled to end the worker, or it has ended itself
  /// in order: a program that has handled a request to end often sends itself the signal again, with
  /// the default action, so that its parent sees why it ended.
  private func isExcused(_ delivery: Delivery, _ id: Int, in forest: ProcessForest) -> Bool {
    let asksForEnd = Self.runEnding.contains(delivery.signal)
    guard let sender = delivery.sender else { return asksForEnd }
    if sender == id { return asksForEnd && survived[id]?.contains(delivery.signal) == true }
    return forest.isAncestor(sender, of: id)
  }

  /// The culprit: in the boot window the statement of a module, after that the innermost line of
  /// the user's code within `Process._bootstrap`, because a forked worker has its parent's frames
  /// farther out. The script is the user's code wherever it is.
  private static func culprit(
    of frames: [PythonFrame], _ phase: WorkerEnd.Phase, _ script: String?
  ) -> SourceLocation? {
    let own = frames.prefix { !$0.plays(.bootstraps) }
    let users = own.filter { CodeOrigin(path: $0.path) == .user || $0.path == script }
    let module = phase == .boot ? users.first(where: \.isModule) : nil
    return (module ?? users.first).map { SourceLocation($0) }
  }
}
