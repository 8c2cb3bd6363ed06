package import Analysis
internal import Bytes
internal import LinuxProcess
internal import Recording
internal import Redaction
internal import SystemPackage
internal import TraceModel
internal import Tracer

/// The recording of a live run.
///
/// If it can't be written any further, the observer is notified once and the run goes on: what was
/// written stays good.
package final class RunRecording {
  private let path: String
  private let output: Output
  private var recorder: Recorder
  private let observer: any RunObserver
  private let describe: (Limitation) -> String
  private let close: () throws(Errno) -> Void
  /// Removes what the file had before: to be called when nothing can be refused any more.
  package let empty: () -> Void
  /// Whether something is missing in the file; the observer was notified.
  package private(set) var hasFailed = false

  /// Where lines go, and the first error on the way.
  private final class Output {
    private let body: ([UInt8]) throws(Errno) -> Void
    private(set) var error: Errno?

    init(_ body: @escaping ([UInt8]) throws(Errno) -> Void) {
      self.body = body
    }

    /// Writes a line, and returns whether all of it was written.
    func write(_ line: [UInt8]) -> Bool {
      do throws(Errno) {
        try body(line)
        return true
      } catch {
        self.error = error
        return false
      }
    }
  }

  /// Creates the recording's file, which keeps what it has until `empty` is called.
  ///
  /// - Parameter describe: Makes the sentence of a limitation, which is what recordings hold.
  package convenience init(
    path: String, observer: any RunObserver, describe: @escaping (Limitation) -> String
  ) throws(LiveRunError) {
    let file: OutputFile
    do throws(OutputObstacle) {
      file = try OutputFile(opening: path)
    } catch {
      throw .recording(path: path, error)
    }
    self.init(
      path: path, observer: observer, describe: describe, empty: file.empty, write: file.write,
      close: file.close)
  }

  /// - Parameter path: The recording's name in notices.
  init(
    path: String, observer: any RunObserver, describe: @escaping (Limitation) -> String,
    empty: @escaping () -> Void = {}, write: @escaping ([UInt8]) throws(Errno) -> Void,
    close: @escaping () throws(Errno) -> Void = {}
  ) {
    self.path = path
    self.observer = observer
    self.describe = describe
    self.close = close
    self.empty = empty
    let output = Output(write)
    self.output = output
    recorder = Recorder { output.write($0) }
  }

  func begin(
    _ run: RunDescription, _ settings: LiveSettings, mechanism: Mechanism, _ hider: ArgumentHider,
    _ redactor: Redactor
  ) {
    let host = HostFacts()
    var environment = RunEnvironment(key: hider.key.id)
    for (name, value) in Environment.variables where !Redactor.isSecret(name) {
      if let value = KnownVariables.recorded(name, value), redactor.path(value) == value {
        environment.values[name] = value
      } else {
        environment.hashes[name] = hider.hash(ofValue: value, of: name)
      }
    }
    recorder.write(
      RecordingHeader(
        tool: Version.current, run: Self.randomName(), began: run.began ?? WallClock.now(),
        monotonicStart: run.monotonicStart, host: host.name, kernel: host.kernel,
        architecture: host.architecture, processorCount: host.processorCount,
        command: run.command, workingDirectory: run.workingDirectory,
        checkout: run.checkout,
        environment: environment,
        options: .init(
          limits: settings.limits, evidence: settings.evidence.rawValue,
          timeout: settings.timeout?.wholeNanoseconds, capture: settings.capture.rawValue,
          mechanism: mechanism.rawValue),
        limitations: run.limitations.map(describe)))
    notifyFailure()
  }

  func write(_ event: Event) {
    recorder.write(event)
    notifyFailure()
  }

  func write(_ fix: ProposedFix) {
    recorder.write(fix)
    notifyFailure()
  }

  func writeStop(at time: TraceTime) {
    recorder.writeStop(at: time)
    notifyFailure()
  }

  func end(_ end: RecordingEnd) {
    recorder.write(end)
    notifyFailure()
    do throws(Errno) {
      try close()
    } catch {
      // A full disk, or a server that refuses late, shows here (close(2)).
      notify(error)
    }
  }

  private func notifyFailure() {
    if recorder.hasFailed, let error = output.error { notify(error) }
  }

  private func notify(_ error: Errno) {
    guard !hasFailed else { return }
    hasFailed = true
    observer.noticed(.recordingFailed(path: path, error))
  }

  private static func randomName() -> String {
    var generator = SystemRandomNumberGenerator()
    return [generator.next(), generator.next()].map { (word: UInt64) in
      word.zeroPadded(to: 16, radix: 16)
    }.joined()
  }
}
