internal import Glibc
internal import LinuxProcess
internal import TraceModel

/// The pipes with a name among the files that a run writes, each with a process that reads it.
///
/// To open such a pipe waits for its reader. The tracer blocks signals, so it must not wait in
/// open(2): nothing but SIGKILL would end it.
final class PipeReaders {
  private var writers: [PipeWriter] = []

  /// How often a pipe is tried, in milliseconds.
  private static let interval: Int32 = 20
  /// After so many tries the user is told what is waited for.
  private static let patience = 50

  /// Waits until each of the pipes among `paths` has a reader. Until this object is gone, opening
  /// them doesn't wait. If a signal asks for the run's end before, the front ends by it.
  init(of paths: [String?], _ front: Front?) throws(CommandError) {
    guard let front else { return }
    for case let path? in paths {
      if let writer = try Self.wait(for: path, front) { writers.append(writer) }
    }
  }

  private static func wait(for path: String, _ front: Front) throws(CommandError) -> PipeWriter? {
    var tries = 0
    while true {
      switch PipeWriter.open(path) {
      case .opened(let writer): return writer
      case .otherFile: return nil
      case .noReader: break
      }
      tries += 1
      if tries == patience { StandardError.say("waiting for a process that reads \(path)") }
      var polled = pollfd(fd: front.rawDescriptor, events: Int16(POLLIN), revents: 0)
      guard poll(&polled, 1, interval) > 0 else { continue }
      switch front.nextMessage() {
      case .signal(let signal) where Front.endSignals.contains(signal.number):
        front.end(.signal(signal.number))
        throw .noReader(path: path)
      case .gone: throw .noReader(path: path)
      case .signal, nil: break
      }
    }
  }
}
