import TraceModel

@testable import StraceLog

/// The events of a log that a test has written.
struct StraceText {
  var events: [Event] = []
  var damagedLines: UInt64
  var limitations: [StraceLimitation]
  var hasEnd: Bool
  var workingDirectory: String?

  init(_ text: String, pieces: Int = .max) {
    self.init(Array(text.utf8), pieces: pieces)
  }

  init(_ bytes: [UInt8], pieces: Int = .max) {
    var reader = StraceReader()
    var events: [Event] = []
    var rest = bytes[...]
    while !rest.isEmpty {
      rest.prefix(pieces).withUnsafeBytes { reader.read($0) { events.append($0) } }
      rest = rest.dropFirst(pieces)
    }
    reader.finish { events.append($0) }
    self.events = events
    damagedLines = reader.damagedLines
    limitations = reader.limitations
    hasEnd = reader.hasEnd
    workingDirectory = reader.workingDirectory
  }

  /// The events, each as `process what`, short enough to be compared by eye.
  var said: [String] { Self.said(events) }

  static func said(_ events: [Event]) -> [String] {
    events.map { "\($0.process.rawValue) \(describe($0.kind))" }
  }

  private static func describe(_ kind: Event.Kind) -> String {
    switch kind {
    case .started(let start):
      "\(start.call) by \(start.parent.map { String($0.rawValue) } ?? "none")"
    case .executed(let execution):
      "exec \(execution.executable) \(execution.arguments.dropFirst().joined(separator: " "))"
        + (execution.script.map { " script \($0.path)" } ?? "")
    case .opened(let open): "open \(open.path)"
    case .piped: "pipe"
    case .wrote(let text): "write \(text.descriptor) \(text.text)"
    case .bound(let address): "bind \(address.path)"
    case .sent(let sending): "send \(sending.signal) to \(sending.targets.map(\.rawValue))"
    case .connected(let address): "connect \(address.path)"
    case .blinded(let reason): "blind \(reason)"
    case .signalled(let delivery):
      "signal \(delivery.signal) from \(delivery.sender.map { String($0.rawValue) } ?? "none")"
    case .exited(let termination): "\(termination)"
    case .dying, .awaited: "death"
    case .surveyBegan, .surveyed, .surveyEnded: "survey"
    }
  }
}
