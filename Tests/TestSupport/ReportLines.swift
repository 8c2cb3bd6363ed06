/// The lines of a report.
package enum ReportLines {
  /// The lines without the diff of a fix, which is as long and as wide as it must be: from the line
  /// that names the file up to the line that says how to apply it.
  package static func withoutDiff<Text: StringProtocol>(_ lines: [Text]) -> [Text] {
    guard let first = lines.firstIndex(where: { $0.hasPrefix("--- ") }),
      let last = lines.firstIndex(where: { $0.hasPrefix("apply: ") }), first < last
    else { return lines }
    return Array(lines[..<first] + lines[last...])
  }
}
