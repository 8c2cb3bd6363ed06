/// The programs of processes without Python that aren't shown one by one:
/// `38 processes without Python: sh, sed, cat`.
package struct PythonlessPrograms {
  /// How many programs are named.
  private static let limit = 4

  private var names: [String] = []
  private var count = 0

  package init() {}

  package mutating func add(_ name: String) {
    count += 1
    if names.count <= Self.limit, !names.contains(name) { names.append(name) }
  }

  /// nil if there is none.
  package var text: String? {
    guard count > 0 else { return nil }
    let processes = count == 1 ? "1 process" : "\(count) processes"
    let more = names.count > Self.limit ? ", ..." : ""
    let shown = names.prefix(Self.limit).joined(separator: ", ")
    return "\(processes) without Python: \(shown)\(more)"
  }
}
