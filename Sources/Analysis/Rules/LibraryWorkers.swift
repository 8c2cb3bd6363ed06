internal import Multiprocessing
internal import TraceModel

/// Workers that a library starts by its own means, such as `python -m library.worker`, and that run
/// their parent's main module under the name `__mp_main__`.
///
/// Nothing refuses a start there. It is a cycle when such a worker, while it runs main, starts the
/// same program again, or when a descendant of it runs main in the same way.
struct LibraryWorkers: Sendable {
  /// What the starts of processes have shown, by the process that was started.
  private var started: [Int: ReexecutionProof] = [:]
  /// What showed first that a process runs main again, by that process.
  private var running: [Int: ReexecutionProof] = [:]
  /// How many ancestors are examined.
  private static let depthLimit = 64

  /// Notes that a process was started while its creator ran main. Returns the proof, if an ancestor
  /// of the creator did so, too.
  mutating func began(
    _ child: Int, _ proof: ReexecutionProof, in forest: ProcessForest
  ) -> ReexecutionProof? {
    started[child] = proof
    if running[proof.process] == nil { running[proof.process] = proof }
    var next = forest[proof.process].parent
    for _ in 0..<Self.depthLimit {
      guard let ancestor = next else { return nil }
      if let earlier = running[ancestor], earlier.run.last?.path == proof.run.last?.path {
        return earlier
      }
      next = forest[ancestor].parent
    }
    return nil
  }

  /// Returns the proof, if a process that was started while its creator ran main executes the
  /// creator's own program.
  func executed(_ child: Int, in forest: ProcessForest) -> ReexecutionProof? {
    guard !started.isEmpty, let proof = started[child] else { return nil }
    let (one, other) = (forest[child], forest[proof.process])
    guard one.executable == other.executable,
      let target = Self.target(of: one), target == Self.target(of: other)
    else { return nil }
    return proof
  }

  mutating func forget(_ process: Int) {
    if !started.isEmpty { started[process] = nil }
    // Descendants may outlive it, but few are: those of one round.
    if running.count > 1024 { running[process] = nil }
  }

  /// What an interpreter's command line asks for, without the numbers in a text of `-c`: those of
  /// descriptors differ each time.
  private static func target(of record: ProcessRecord) -> PythonCommandLine.Target? {
    switch PythonCommandLine(record.arguments).target {
    case .command(let text):
      .command(
        HiddenArgument(text)?.withoutNumbers
          ?? String(text.unicodeScalars.filter { !("0"..."9").contains($0) }))
    case .module(let name): .module(name)
    case .script(let path): .script(path)
    case .standardInput, .nothing: nil
    }
  }
}
