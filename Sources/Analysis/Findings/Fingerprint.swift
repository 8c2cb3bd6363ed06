internal import Bytes
internal import Multiprocessing
internal import TraceModel

/// A name for a fault that stays the same when only lines, pids, checkouts and hosts differ.
///
/// Made of the rule, the start method and the user's frames of the fault as (path in the working
/// directory, function, text with its white space folded). Its version stands in front: another way
/// of grouping can't reshuffle old groups unseen.
struct Fingerprint: CustomStringConvertible {
  /// The parts that are the same for the same fault.
  struct Subject {
    var frames: [PythonFrame] = []
    /// Anything else that is the same.
    var salt: String?

    static func frames(_ frames: [PythonFrame], salt: String? = nil) -> Subject {
      Subject(frames: frames, salt: salt)
    }

    static func locations(_ locations: SourceLocation?...) -> Subject {
      Subject(
        frames: locations.compactMap(\.self).map {
          PythonFrame(path: $0.path, line: $0.line, function: $0.function, source: $0.source)
        })
    }
  }

  private var hash = FNV1a32()

  init(_ rule: Rule, _ startMethod: StartMethod?, _ subject: Subject, in directory: String) {
    add(rule.rawValue)
    add(startMethod?.rawValue ?? "")
    for frame in subject.frames.users {
      add(frame.path.path(relativeTo: directory))
      add(frame.function)
      add(frame.source?.line.split { $0 == " " || $0 == "\t" }.joined(separator: " ") ?? "")
    }
    if let salt = subject.salt { add(salt) }
  }

  /// Adds a text and a separator that no text has.
  private mutating func add(_ text: String) {
    hash.add(text.utf8)
    hash.add(0xff)
  }

  var description: String {
    "v1:" + hash.value.zeroPadded(to: 8, radix: 16)
  }
}
