internal import Bytes
internal import TraceModel

/// Finds reports of spawntrace in a log: the full form and the short one.
struct OwnReport: Sendable {
  private(set) var faults: [LogFault] = []
  private var current: LogFault?
  private var remaining = 0

  /// A report has at most 25 lines; other output may come between.
  private static let patience = 60
  private static let limit = 256

  var isReading: Bool { current != nil }

  /// - Parameter text: The line without its prefix.
  mutating func read(_ text: String, _ markers: Markers, time: LogTime?) {
    if markers.has(.report), let (rule, title, place, fingerprint) = Self.head(text) {
      var fault = LogFault(.ownReport(rule: rule), message: title)
      fault.culprit = place
      fault.fingerprint = fingerprint
      fault.firstSeen = time
      fault.lastSeen = time
      if fingerprint != nil {
        add(fault)
      } else {
        current = fault
        remaining = Self.patience
      }
      return
    }
    guard current != nil else { return }
    remaining -= 1
    if remaining == 0 { current = nil }
    readDetail(text)
  }

  private mutating func readDetail(_ text: String) {
    let line = text.drop { $0 == " " }
    if line.hasPrefix("--> ") {
      if current?.culprit == nil { current?.culprit = Self.place(line.dropFirst(4)) }
    } else if let bar = line.firstRange(of: " | "), let number = Int(line[..<bar.lowerBound]) {
      if number == current?.culprit?.line, current?.culprit?.source == nil {
        current?.culprit?.source = SourceExcerpt(
          line: String(line[bar.upperBound...].drop { $0 == " " }))
      }
    } else if line.hasPrefix("= start method: ") {
      let name = line.dropFirst(16).prefix { $0.isLetter }
      current?.startMethod = StartMethod(rawValue: String(name))
    } else if line.hasPrefix("id v1:") || line.hasPrefix("id v2:") {
      let id = line.dropFirst(3).prefix { $0 == ":" || $0 == "v" || $0.isHexDigit }
      current?.fingerprint = String(id)
      if let version = line.firstRange(of: "Python ") {
        current?.python = PythonInPath.numbers(line[version.upperBound...].utf8)
      }
      if let fault = current { add(fault) }
      current = nil
    }
  }

  private mutating func add(_ fault: LogFault) {
    let index = faults.firstIndex {
      $0.kind == fault.kind && $0.fingerprint == fault.fingerprint
        && $0.culprit?.line == fault.culprit?.line
    }
    if let index {
      // The short form comes beside the full one in some logs.
      faults[index].count += 1
      faults[index].lastSeen = fault.lastSeen ?? faults[index].lastSeen
    } else if faults.count < Self.limit {
      faults.append(fault)
    }
  }

  /// `error[ST101]: title`, or the short form with its place in front and its id behind.
  private static func head(
    _ text: String
  ) -> (rule: String, title: String, place: PythonFrame?, fingerprint: String?)? {
    for severity in ["error[", "note["] {
      guard let start = text.firstRange(of: severity) else { continue }
      let rule = text[start.upperBound...].prefix { $0 != "]" }
      let rest = text[start.upperBound...].dropFirst(rule.count)
      guard rule.count == 5, rule.hasPrefix("ST"), rule.dropFirst(2).allSatisfy(\.isNumber),
        rest.hasPrefix("]: ")
      else { continue }
      let title = rest.dropFirst(3)
      let before = text[..<start.lowerBound]
      if let id = title.ranges(of: " [v").last, title.hasSuffix("]") {
        let place = before.hasSuffix(": ") ? place(before.dropLast(2)) : nil
        return (
          String(rule), String(title[..<id.lowerBound]), place,
          String(title[id.lowerBound...].dropFirst(2).dropLast())
        )
      }
      return before.allSatisfy { $0 == " " } ? (String(rule), String(title), nil, nil) : nil
    }
    return nil
  }

  /// `path:line`, or a path alone.
  private static func place(_ text: Substring) -> PythonFrame? {
    guard !text.isEmpty else { return nil }
    if let colon = text.lastIndex(of: ":"), let line = Int(text[text.index(after: colon)...]) {
      return PythonFrame(path: String(text[..<colon]), line: line, function: "<module>")
    }
    return PythonFrame(path: String(text), line: nil, function: "<module>")
  }
}
