internal import TraceModel

// What CPython's messages say about a failed start or task.
extension Traceback {
  /// An object that pickle could not send to a worker.
  package enum Unpicklable: Hashable, Sendable {
    case lambda
    /// A function or class that was made in a function, by its qualified name.
    case local(String)
    case named(String)
  }

  /// The object that can't be pickled, as the message names it (Lib/pickle.py; Modules/_pickle.c,
  /// 3.6 to 3.15); nil if it names nothing.
  package var unpicklable: Unpicklable? {
    for quoted in ["local object '", "local object <function ", "pickle '", "pickle <function "] {
      guard let start = message.firstRange(of: quoted)?.upperBound else { continue }
      let name = message[start...].prefix { $0 != "'" && $0 != " " && $0 != ">" || $0 == "<" }
      let whole = quoted.hasSuffix("'") ? message[start...].prefix { $0 != "'" } : name
      if whole.hasSuffix("<lambda") || whole.hasSuffix("<lambda>") { return .lambda }
      if whole.contains("<locals>") || whole.contains("<locals") {
        return .local(String(message[start...].prefix { $0 != "'" && $0 != " " }))
      }
      return .named(String(whole))
    }
    return nil
  }

  /// Whether pickle failed on a function that no module has under a name.
  package var isOfUnnamedFunction: Bool {
    ["lambda", "<locals>", "local object"].contains { message.contains($0) }
  }

  /// Whether a worker did not find by its name what it was asked to run (Lib/pickle.py,
  /// `find_class`). The program's own code may say the same words.
  package var isFailedLookup: Bool {
    exception == "AttributeError" && message.hasPrefix("Can't get attribute")
      && frames.first?.isOfMultiprocessing != false
  }

  /// Whether an object lacks an attribute; a lookup in the wrong module says the same.
  package var lacksAttribute: Bool {
    exception == "AttributeError" && message.contains("has no attribute")
  }

  /// Whether a worker was given a lock or a queue whose semaphore was gone
  /// (Lib/multiprocessing/synchronize.py, `SemLock.__setstate__`).
  package var isOfGoneSemaphore: Bool {
    exception == "FileNotFoundError"
      && frames.contains { $0.path.ends(with: "/synchronize.py") && $0.function == "__setstate__" }
  }

  /// Whether a daemonic worker tried to start a process (Lib/multiprocessing/process.py,
  /// `BaseProcess.start`).
  package var isOfDaemonicChild: Bool { message.contains("daemonic processes") }
}
