internal import TraceModel

/// Tells how workers end that were not to end so: a fold over the events.
///
/// A worker is what multiprocessing, or a library of its shape, was seen to start. Nothing is told of one
/// that its parent has ended, that was ended with the whole run (by the terminal, by a CI system, by
/// spawntrace), that outlived its parent, or whose start CPython has refused (ST101 tells of those).
struct WorkerEnds: Sendable {
  private var tracebacks: [Int: Written] = [:]
  /// The signal that was the last to reach a process.
  private var deliveries: [Int: Delivery] = [:]
  /// Who has sent SIGKILL to a process, which sees nothing of it.
  private var kills: [Int: Delivery] = [:]
  /// The last statement of its main module that a worker was seen to execute while it was prepared, where
  /// that is one that ends the interpreter when it is done.
  private var finalStatements: [Int: SourceLocation] = [:]

  private struct Written {
    var text = TracebackText()
    /// Whether nobody caught the exception; nil where the stack doesn't tell.
    var isUncaught: Bool?
  }

  private struct Delivery {
    var signal: Int32
    var sender: Int?
    var isOurs = false
    /// As it was read, and what its relative paths are relative to: few deliveries are an end.
    var frames: [PythonFrame] = []
    var directory = "/"
    var nativeStack: MixedStack?

    /// Innermost first, paths absolute.
    var stack: [PythonFrame] { frames.absolute(in: directory) }

    mutating func take(_ reading: StackReading?, of id: Int, in forest: ProcessForest) {
      guard case .read(let stack) = reading else { return }
      frames = stack.frames
      directory = forest.workingDirectory(of: id) ?? "/"
    }
  }

  /// Takes in one event, of which the forest knows already; returns the end that it is.
  mutating func observe(_ event: Event, in forest: ProcessForest) -> WorkerEnd? {
    switch event.kind {
    case .wrote(let written):
      if written.descriptor == 2, let id = forest.id(of: event.process) {
        wrote(written.text, id, event.stack, in: forest)
      }
    case .signalled(let delivery):
      if let id = forest.id(of: event.process) { signalled(id, delivery, event, in: forest) }
    case .sent(let sending):
      guard sending.signal == Self.kill, let sender = forest.id(of: event.process) else { break }
      for target in sending.targets {
        guard let id = forest.id(of: target) else { continue }
        var delivery = Delivery(signal: Self.kill, sender: sender)
        delivery.take(event.stack, of: sender, in: forest)
        kills[id] = delivery
      }
    case .executed:
      // A SIGKILL that was sent before it executed this program ends it all the same.
      if !isIdle, let id = forest.id(of: event.process) { forgetImage(of: id) }
    case .exited(let termination):
      guard let id = forest.lastEnded else { break }
      defer { forget(id) }
      if forest.isWorker(id) { return ended(id, termination, in: forest) }
    default: break
    }
    return nil
  }

  private static let kill: Int32 = 9
  /// Those by which terminals and CI systems end a whole run: SIGHUP, SIGINT, SIGQUIT, SIGTERM.
  private static let runEnding: Set<Int32> = [1, 2, 3, 15]

  private var isIdle: Bool {
    tracebacks.isEmpty && deliveries.isEmpty && kills.isEmpty && finalStatements.isEmpty
  }

  private mutating func forget(_ id: Int) {
    if isIdle { return }
    forgetImage(of: id)
    kills[id] = nil
  }

  private mutating func forgetImage(of id: Int) {
    tracebacks[id] = nil
    deliveries[id] = nil
    finalStatements[id] = nil
  }

  /// What a live process has written of tracebacks.
  func traceback(of id: Int) -> TracebackText? { tracebacks[id]?.text }

  // MARK: While it lives

  private mutating func wrote(
    _ text: String, _ id: Int, _ reading: StackReading?, in forest: ProcessForest
  ) {
    var written = tracebacks[id] ?? Written()
    if text.contains("Traceback (most recent call last)") {
      written.isUncaught = Self.isUncaught(reading)
    }
    written.text.append(text)
    tracebacks[id] = written
    if forest.isBooting(id) {
      finalStatements[id] = Self.finalStatement(reading, of: id, in: forest)
    }
  }

  private mutating func signalled(
    _ id: Int, _ delivery: SignalDelivery, _ event: Event, in forest: ProcessForest
  ) {
    guard forest.isWorker(id) else { return }
    var taken = Delivery(
      signal: delivery.signal, sender: delivery.sender.flatMap { forest.id(of: $0) },
      isOurs: delivery.isOurs, nativeStack: event.nativeStack)
    taken.take(event.stack, of: id, in: forest)
    deliveries[id] = taken
  }

  private static func frames(
    _ reading: StackReading?, of id: Int, in forest: ProcessForest
  ) -> [PythonFrame] {
    guard case .read(let stack) = reading else { return [] }
    return stack.frames.absolute(in: forest.record(id).workingDirectory ?? "/")
  }

  /// Whether an exception that is printed has ended the work: it is printed by the interpreter itself,
  /// which has no frame of the program any more, or by `Process._bootstrap`
  /// (Lib/multiprocessing/process.py), not by a program that has caught it and goes on.
  private static func isUncaught(_ reading: StackReading?) -> Bool? {
    guard case .read(let stack) = reading, stack.cut == nil else { return nil }
    let bootstrap = stack.frames.firstIndex {
      $0.function == "_bootstrap" && $0.path.ends(with: "/process.py")
    }
    if let bootstrap {
      return bootstrap > 0 && stack.frames[bootstrap - 1].path.ends(with: "/traceback.py")
    }
    return !stack.frames.contains { frame in
      CodeOrigin(path: frame.path) == .user
        || ["/threading.py", "/spawn.py", "/runpy.py", "/unittest/"].contains {
          frame.path.contains($0)
        }
    }
  }

  /// The statement of the main module that ends the interpreter when it is done: `unittest.main()`
  /// calls `sys.exit` itself (Lib/unittest/main.py, `runTests`).
  private static func finalStatement(
    _ reading: StackReading?, of id: Int, in forest: ProcessForest
  ) -> SourceLocation? {
    let frames = frames(reading, of: id, in: forest)
    guard
      let index = frames.firstIndex(where: { $0.isModule && CodeOrigin(path: $0.path) == .user }),
      index > 0, frames[..<index].contains(where: { $0.path.ends(with: "/unittest/main.py") })
    else { return nil }
    return SourceLocation(frames[index])
  }

  // MARK: At its end

  private func ended(
    _ id: Int, _ termination: Termination, in forest: ProcessForest
  ) -> WorkerEnd? {
    // Most have done their work.
    if termination == .status(0), !forest.isBooting(id) { return nil }
    let record = forest.record(id)
    let written = tracebacks[id]
    guard written?.text.refusal == nil,
      record.logicalParent.map({ forest.record($0).endedAt == nil }) ?? true
    else { return nil }
    let phase: WorkerEnd.Phase = record.isBooting ? .boot : .task
    let script = record.script?.path ?? record.logicalParent.flatMap { forest.script(of: $0)?.path }
    var end: WorkerEnd
    switch termination {
    case .signal(let signal):
      guard let signalled = self.signalled(id, by: signal, record, in: forest) else { return nil }
      end = WorkerEnd(process: id, phase: phase, reason: .signal(signal, sender: signalled.sender))
      end.senderID = signalled.sender.map { forest.record($0).pid }
      end.stack = signalled.stack
      end.nativeStack = signalled.nativeStack
      end.culprit = Self.culprit(of: signalled.stack, phase, script)
    case .status(let status):
      guard status != 0 || phase == .boot else { return nil }
      if status == 1, let written, written.isUncaught ?? true, let traceback = written.text.last,
        !["SystemExit", "KeyboardInterrupt"].contains(traceback.exception)
      {
        end = WorkerEnd(process: id, phase: phase, reason: .exception(traceback))
        end.stack = traceback.frames.absolute(in: record.workingDirectory ?? "/")
        end.culprit = Self.culprit(of: end.stack, phase, script)
        end.isCertain = written.isUncaught != nil
      } else {
        end = WorkerEnd(process: id, phase: phase, reason: .exit(status))
        end.culprit = phase == .boot ? finalStatements[id] : nil
      }
    }
    end.site = record.site
    return end
  }

  /// How a signal came that ended a worker; nil where somebody has ended it who may.
  private func signalled(
    _ id: Int, by signal: Int32, _ record: ProcessRecord, in forest: ProcessForest
  ) -> Delivery? {
    let delivery: Delivery? = signal == Self.kill ? kills[id] : deliveries[id]
    guard let delivery, delivery.signal == signal else {
      return Self.runEnding.contains(signal) ? nil : Delivery(signal: signal)
    }
    if delivery.isOurs { return nil }
    guard let sender = delivery.sender else {
      return Self.runEnding.contains(signal) ? nil : delivery
    }
    return forest.isAncestor(sender, of: id) ? nil : delivery
  }

  /// While a worker is prepared, the statement of a module; after that the innermost line of the user's
  /// within `Process._bootstrap`, because a forked worker has its parent's frames farther out. The
  /// script is the user's wherever it is.
  private static func culprit(
    of frames: [PythonFrame], _ phase: WorkerEnd.Phase, _ script: String?
  ) -> SourceLocation? {
    let own = frames.prefix { !($0.function == "_bootstrap" && $0.path.ends(with: "/process.py")) }
    let users = own.filter { CodeOrigin(path: $0.path) == .user || $0.path == script }
    let module = phase == .boot ? users.first(where: \.isModule) : nil
    return (module ?? users.first).map { SourceLocation($0) }
  }
}

extension ProcessForest {
  /// Whether a process is a worker of multiprocessing or its kin, as far as was seen.
  func isWorker(_ id: Int) -> Bool {
    switch role(of: id) {
    case .spawnWorker, .forkserverWorker: true
    case .forkWorker: site(of: id)?.isOfWorker == true
    default: false
    }
  }

  /// Whether a process has made another, or asked for it, directly or through others.
  func isAncestor(_ ancestor: Int, of id: Int) -> Bool {
    var next: [Int] = [id]
    // A process and who asked for it may have a common maker: the way up is no long one.
    for _ in 0..<1000 {
      guard let id = next.popLast() else { return false }
      let record = record(id)
      for parent in Set([record.parent, record.logicalParent].compactMap(\.self)) {
        if parent == ancestor { return true }
        next.append(parent)
      }
    }
    return false
  }
}
