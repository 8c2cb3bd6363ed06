import Analysis
import Multiprocessing
import TraceModel

/// Why a run hangs, where the stacks and waits of its survey show it, as advice.
struct DeadlockCause {
  private let context: FindingContext
  private let threads: [SurveyedThread]
  private let main: SurveyedThread

  init?(_ context: FindingContext, main: SurveyedThread) {
    guard let survey = context.report.survey else { return nil }
    self.context = context
    self.main = main
    threads = survey.threads.filter { context.finding.processes.contains($0.process) }
  }

  /// nil if nothing shows the cause.
  var advice: Sentence? {
    importLock ?? queueTasks ?? fullPipe ?? manager ?? lockOverFork ?? ownEnd ?? deadHolder
  }

  // MARK: Causes

  private var importLock: Sentence? {
    guard let thread = threads.first(where: { $0.waits(for: .importLock) }),
      let importer = threads.first(where: {
        $0.process == thread.process && $0.thread != thread.thread
          && $0.frames.contains(where: \.isOfImport) && !$0.waits(for: .importLock)
      })
    else { return nil }
    let statement = importer.frames.first { $0.isModule && CodeOrigin(path: $0.path) == .user }
    let user = thread.frames.first { CodeOrigin(path: $0.path) == .user }
    let needed: Sentence = user.map { ", at \(place: place($0, thread))," } ?? ""
    let begun: Sentence =
      statement.map { " at \(place: place($0, importer))" } ?? " there"
    return
      "a thread\(needed) imports from a module whose import is not over: it waits\(begun) for that "
      + "thread; move the statement into a function that is called after the import"
  }

  private var queueTasks: Sentence? {
    guard main.waits(for: .queueTasks) else { return nil }
    return
      "\(code: "join()") of a queue waits for as many calls of \(code: "task_done()") as items were "
      + "put: call it after each \(code: "get()"), also where the work fails"
  }

  private var fullPipe: Sentence? {
    guard let writer = threads.first(where: { $0.waits(on: .pipeToWrite) }) else { return nil }
    if main.waits(for: .queueFeeder) {
      return
        "a process that ends first writes what it has put into its queues, and no process reads it: "
        + "read the queue to its end, or call \(code: "cancel_join_thread()") if the rest may be lost"
    }
    if writer.waitsFor == [writer.process] {
      return "the pipe is full, and only the process that writes could read it: read it in between"
    }
    if main.process == writer.process { return nil }
    guard threads.contains(where: { $0.waits(on: .child) || $0.waits(on: .process) }) else {
      return nil
    }
    if main.waits(for: .subprocess) {
      return
        "the child's output fills the pipe that its parent doesn't read: use "
        + "\(code: "communicate()") in place of \(code: "wait()")"
    }
    return
      "read everything from a queue or pipe before you join the process that fills it: that process "
      + "can't end until its data is read"
  }

  private var manager: Sentence? {
    if main.waits(for: .manager) {
      return
        "the Manager's process has the object that the call waits for: look for the process that "
        + "should put something into it, or release it"
    }
    let died = context.report.findings.contains { finding in
      guard case .workerEnd(let end) = finding.detail,
        case .exception(let traceback) = end.reason
      else { return false }
      return traceback.frames.contains(where: \.isOfManager)
    }
    guard died else { return nil }
    return
      "a worker died because the Manager was gone: keep the Manager until all workers have ended "
      + "that use its objects"
  }

  private var lockOverFork: Sentence? {
    let forked = threads.first { thread in
      thread.isMain && thread.waits(on: .lock)
        && context.report[process: thread.process]?.role == .forkWorker
        && context.report.survey?.threads.filter { $0.process == thread.process }.count == 1
    }
    guard let forked else { return nil }
    let at: Sentence = place(forked).map { " at \(place: $0)" } ?? ""
    return
      "another thread of the parent held the lock\(at) when this process was forked, and no thread can "
      + "release it here: use spawn or forkserver, or start processes before threads"
  }

  private var ownEnd: Sentence? {
    // An event loop has a pipe of its own.
    let waiting = threads.first {
      ["read", "recvfrom", "recvmsg"].contains($0.wait?.call)
        && ($0.waits(on: .pipeToRead) || $0.waits(on: .socket)) && $0.waitsFor == [$0.process]
    }
    guard let waiting else { return nil }
    if waiting.waits(for: .queueItem) {
      return
        "the queue is empty, and no process is left that will put something into it: let each worker "
        + "put its result also where it fails, or call \(code: "get(timeout=...)")"
    }
    return
      "the process that reads has the other end open itself, so it never sees the end of the data: "
      + "close that end there"
  }

  private var deadHolder: Sentence? {
    guard main.waits(on: .semaphore) else { return nil }
    let killed = context.report.findings.lazy.compactMap { finding -> ProcessID? in
      guard case .workerEnd(let end) = finding.detail, case .signal = end.reason else { return nil }
      return context.report[process: end.process]?.pid
    }.first
    return killed.map {
      "pid \($0.rawValue) was killed, and the semaphore keeps what it had taken: look whether it held "
        + "a lock or should have set an event"
    }
  }

  // MARK: Places

  private func place(_ thread: SurveyedThread) -> Place? {
    thread.mostFamiliarFrame.map { place($0, thread) }
  }

  private func place(_ frame: PythonFrame, _ thread: SurveyedThread) -> Place {
    let record = context.report[process: thread.process]
    return Place(path: context.report.absolute(frame.path, in: record), line: frame.line)
  }
}

extension SurveyedThread {
  fileprivate func waits(for frame: WaitFrame) -> Bool {
    frames.contains { WaitFrame($0) == frame }
  }

  fileprivate func waits(on kind: WaitObject.Kind) -> Bool {
    wait?.isTimed == false && wait?.objects.first?.kind == kind
  }
}
