internal import Multiprocessing
internal import TraceModel

/// Invents one proof as soon as a program starts its first worker. Code that runs for the first
/// time is slow (caches of the Swift runtime), and a real proof is to be reported within a
/// millisecond.
struct WarmUp {
  private var isDone = false

  /// Returns the event with an invented stack that proves a cycle; nil if it isn't the first start
  /// of a worker.
  mutating func inventedProof(after event: Event) -> Event? {
    guard !isDone, case .opened = event.kind, case .read(let stack) = event.stack,
      let proof = Self.proof(from: stack)
    else { return nil }
    isDone = true
    var invented = event
    invented.stack = .read(proof)
    return invented
  }

  /// Puts the frame in which multiprocessing runs the main script again around the start of a
  /// worker.
  private static func proof(from stack: PythonCallStack) -> PythonCallStack? {
    guard let start = stack.frames.first(where: { $0.plays(.asksForProcess) }) else { return nil }
    var proof = stack
    proof.frames.append(LibraryFrame.preparation(inFolder: start.path.directory))
    return proof
  }
}
