internal import Bytes

/// A name that pickle did not find where it was asked to look (Lib/pickle.py, `_getattribute`;
/// Modules/_pickle.c, `getattribute`).
package struct FailedLookup: Hashable, Sendable {
  /// The first part of the qualified name: `Job` for `Job.run`.
  package var name: String
  /// The module's `__name__`.
  package var module: String
  /// The module's file, if the message has it.
  package var path: String?

  /// Reads the message of an AttributeError; nil if it is another.
  ///
  /// Up to 3.13: `Can't get attribute 'Job' on <module '__mp_main__' from '/w/main.py'>`; since 3.14:
  /// `module '__mp_main__' has no attribute 'Job'`.
  package init?(message: String) {
    if message.hasPrefix("Can't get attribute '") {
      guard let name = Self.quoted(message, after: "attribute '"),
        let module = Self.quoted(message, after: "<module '")
      else { return nil }
      self.init(name, module, Self.quoted(message, after: "' from '"))
    } else if message.hasPrefix("module '") {
      guard let module = Self.quoted(message, after: "module '"),
        let name = Self.quoted(message, after: "has no attribute '")
      else { return nil }
      self.init(name, module, nil)
    } else {
      return nil
    }
  }

  private init(_ name: String, _ module: String, _ path: String?) {
    self.name = String(name.prefix { $0 != "." })
    self.module = module
    self.path = path
  }

  /// Reads the last such message in the text of a traceback.
  package init?(text: String) {
    guard text.containsBytes("AttributeError: ") else { return nil }
    let marker = "AttributeError: "
    for line in text.split(separator: "\n").reversed() {
      guard let range = line.firstRange(of: marker) else { continue }
      self.init(message: String(line[range.upperBound...]))
      return
    }
    return nil
  }

  /// Whether the module is a worker's copy of the main program.
  package var isInMain: Bool { module == MainModule.nameInWorker }

  private static func quoted(_ text: String, after opening: String) -> String? {
    guard let start = text.firstRange(of: opening)?.upperBound else { return nil }
    let rest = text[start...]
    return rest.firstIndex(of: "'").map { String(rest[..<$0]) }
  }
}

extension Traceback {
  /// The name that a worker did not find when it unpickled its task; nil for other exceptions.
  package var failedLookup: FailedLookup? {
    guard exception == "AttributeError", frames.first?.isOfMultiprocessing == true else {
      return nil
    }
    return FailedLookup(message: message)
  }
}
