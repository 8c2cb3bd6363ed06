internal import TraceModel

/// A name for a fault that stays the same where only lines, pids, checkouts and hosts differ.
///
/// Over the rule, the start method and the user's frames of the cycle as (path in the working
/// directory, function, text with its white space folded). Its version stands in front, so that
/// another way of grouping will not reshuffle old groups unseen.
struct Fingerprint: CustomStringConvertible {
  private var hash: UInt32 = 2_166_136_261

  /// `salt` is what else is the same for the same fault.
  init(
    rule: Rule, startMethod: StartMethod?, frames: [PythonFrame], directory: String,
    salt: String? = nil
  ) {
    add(rule.rawValue)
    add(startMethod?.rawValue ?? "")
    for frame in frames where CodeOrigin(path: frame.path) == .user {
      add(frame.path.path(relativeTo: directory))
      add(frame.function)
      add(frame.source?.line.split { $0 == " " || $0 == "\t" }.joined(separator: " ") ?? "")
    }
    if let salt { add(salt) }
  }

  init(rule: Rule, startMethod: StartMethod?, locations: [SourceLocation?], directory: String) {
    self.init(
      rule: rule, startMethod: startMethod,
      frames: locations.compactMap(\.self).map {
        PythonFrame(path: $0.path, line: $0.line, function: $0.function, source: $0.source)
      }, directory: directory)
  }

  /// FNV-1a, 32 bits, with a separator that no text has.
  private mutating func add(_ text: String) {
    for byte in text.utf8 { hash = (hash ^ UInt32(byte)) &* 16_777_619 }
    hash = (hash ^ 0xff) &* 16_777_619
  }

  var description: String {
    let digits = String(hash, radix: 16)
    return "v1:" + String(repeating: "0", count: 8 - digits.count) + digits
  }
}
