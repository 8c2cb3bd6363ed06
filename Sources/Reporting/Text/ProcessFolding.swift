import Analysis
internal import Bytes
import TraceModel

/// Which processes of a tree a reader can do without: those without Python that lead to no Python,
/// such as the shells of a pyenv shim, and the middle of a chain of programs that start each other.
struct ProcessFolding {
  /// Up to so many processes are shown as they are: a line for all of them would save little.
  private static let shownCount = 2

  private let children: [Int: [ProcessRecord]]
  /// The processes that are Python, or that lead to one.
  private let leading: Set<Int>

  init(_ processes: [ProcessRecord], children: [Int: [ProcessRecord]]) {
    self.children = children
    var leading: Set<Int> = []
    // A process has a higher number than the one that asked for it.
    for process in processes.reversed() {
      guard process.isPython || leading.contains(process.id) else { continue }
      leading.insert(process.id)
      if let parent = process.logicalParent { leading.insert(parent) }
    }
    self.leading = leading
  }

  /// The children that are shown each, and what is said of the others; nil if there are none.
  func parts(below process: ProcessRecord) -> (shown: [ProcessRecord], others: String?) {
    let below = children[process.id] ?? []
    let folded = members(below.filter { !leading.contains($0.id) })
    guard folded.count > Self.shownCount else { return (below, nil) }
    return (below.filter { leading.contains($0.id) }, Self.summary(of: folded))
  }

  /// The last process of a chain that begins with `first`, and what is said of those in between;
  /// nil if there is nothing to leave out.
  func chain(from first: ProcessRecord) -> (last: ProcessRecord, between: String)? {
    var members = [first]
    while let last = members.last, !last.isPython, let next = onlyProgram(below: last) {
      members.append(next)
    }
    guard members.count > Self.shownCount + 2, let last = members.last else { return nil }
    return (last, Self.summary(of: Array(members.dropFirst().dropLast())))
  }

  /// The one program without Python that leads on.
  private func onlyProgram(below process: ProcessRecord) -> ProcessRecord? {
    let next = (children[process.id] ?? []).filter { leading.contains($0.id) }
    guard next.count == 1, let only = next.first, !only.isPython else { return nil }
    return only
  }

  /// The processes and all below them, in the order of their numbers.
  private func members(_ processes: [ProcessRecord]) -> [ProcessRecord] {
    var members: [ProcessRecord] = []
    var rest = processes
    while let process = rest.popLast() {
      members.append(process)
      rest += children[process.id] ?? []
    }
    return members.sorted { $0.id < $1.id }
  }

  private static func summary(of processes: [ProcessRecord]) -> String {
    var programs = PythonlessPrograms()
    for process in processes { programs.add(process.programName) }
    return programs.text ?? ""
  }
}

extension ProcessRecord {
  /// Whether it runs Python, or is a part of multiprocessing.
  package var isPython: Bool {
    python != nil || role != .shell && role != .other
  }

  /// The file name of its program, as its first argument has it.
  package var programName: String {
    guard let first = commandLine.first, !first.isEmpty else { return role.rawValue }
    return String(first.lastPathComponent)
  }
}
