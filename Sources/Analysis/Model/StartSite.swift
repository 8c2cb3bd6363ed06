internal import Multiprocessing
internal import TraceModel

/// The place where a process was asked for, as the stack of the thread that asked shows it.
///
/// A class, because most processes have none, and each record has room for one.
package final class StartSite: Hashable, Sendable {
  /// The library or function that starts processes for the user's code.
  package enum Starter: Hashable, Sendable {
    /// `Process.start` of multiprocessing or a library that keeps its shape.
    case worker
    /// A Pool that is being made (Lib/multiprocessing/pool.py, `_repopulate_pool`).
    case pool
    /// A Pool that replaces a worker that has ended (`_maintain_pool`, in a thread of its own).
    case poolReplacement
  }

  package let starter: Starter?
  /// Whether the worker is forked and executes nothing (Lib/multiprocessing/popen_fork.py).
  package let isFork: Bool
  /// The innermost module-level statement of the user's code, or else its innermost frame.
  package let culprit: SourceLocation?
  /// The innermost frame of the user's code.
  package let callSite: SourceLocation?
  /// Whether multiprocessing's default context was asked, whatever its method is then.
  package let isDefaultContext: Bool
  /// The test that asked.
  package let test: TestName?

  /// - Parameters:
  ///   - directory: The directory in which the program that asked was started.
  ///   - script: The script that it executes, which is the user's code wherever it is.
  init(_ stack: PythonCallStack, in directory: String, script: String? = nil) {
    var (starter, isFork): (Starter?, Bool) = (nil, false)
    var (culprit, callSite): (SourceLocation?, SourceLocation?)
    var test: (index: Int, isFixture: Bool)?
    var index = -1
    var contexts = 0
    frames: for frame in stack.frames {
      index += 1
      let origin = frame.path == script ? .user : CodeOrigin(path: frame.path)
      switch origin {
      case .user:
        if callSite == nil { callSite = SourceLocation(frame, in: directory) }
        if culprit == nil, frame.isModule { culprit = SourceLocation(frame, in: directory) }
      case .standardLibrary, .package:
        let part = LibraryFrame(frame)
        // The innermost runner has called the test.
        if part == nil, test == nil, let call = frame.testCall {
          test = stack.frames.test(by: call, at: index).map { ($0, call == .fixture) }
        }
        if let found = part.flatMap(Self.starter), starter != .poolReplacement {
          starter = starter == .pool && found == .worker ? .pool : found
        }
        if part == .forks { isFork = true }
        if part == .asksForProcess, frame.asksContext { contexts += 1 }
        // The frames outside of a forked worker's own are copies of its parent's.
        if part == .bootstraps { break frames }
      case .generated: break
      }
    }
    self.starter = starter
    self.isFork = isFork
    self.callSite = callSite
    self.culprit = culprit ?? callSite
    // The default context's `Process` asks that of the context which it stands for.
    isDefaultContext = contexts > 1
    self.test = test.map {
      TestName(stack.frames[$0.index], in: directory, isFixture: $0.isFixture)
    }
  }

  package static func == (one: StartSite, other: StartSite) -> Bool {
    one.starter == other.starter && one.isFork == other.isFork && one.culprit == other.culprit
      && one.callSite == other.callSite
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(culprit)
    hasher.combine(callSite)
  }

  private static func starter(_ part: LibraryFrame) -> Starter? {
    switch part {
    case .refillsPool: .poolReplacement
    case .fillsPool: .pool
    case .asksForProcess, .launches, .forks: .worker
    default: nil
    }
  }

  /// Whether multiprocessing, or a library like it, was asked.
  package var isOfWorker: Bool { starter != nil }
}
