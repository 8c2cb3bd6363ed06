internal import Analysis
internal import Bytes
internal import Glibc
internal import LinuxProcess
internal import Recording
internal import Redaction
internal import SystemPackage
internal import TraceModel

/// The recording of a live run.
///
/// Where it can't be written on, that is said once, and the run goes on: what was written stays good.
final class RunRecording {
  private let path: String
  private let file: OutputFile
  private var recorder: Recorder
  private var hasSaidFailure = false

  /// nil where none is asked for. Where it can't be opened, says so and ends the process.
  init?(_ path: String?) {
    guard let path else { return nil }
    guard let file = OutputFile.create(path) else {
      StandardError.say("cannot record to \(path): \(Errno(rawValue: errno))")
      exit(ExitStatus.failure)
    }
    self.path = path
    self.file = file
    recorder = Recorder { line in
      let error = file.write(line)
      if error != 0 { errno = error }
      return error == 0
    }
  }

  var hasFailed: Bool { recorder.hasFailed }

  func begin(
    _ run: RunNarrator.Run, _ options: RunSettings, mechanism: Mechanism, redactor: Redactor
  ) {
    let host = HostFacts()
    let limits = options.limits
    let environment = Environment.variables.filter { Redactor.isKept($0.name) }
    recorder.write(
      RecordingHeader(
        tool: Version.current, run: Self.randomName(), began: Self.now(),
        monotonicStart: run.monotonicStart, host: host.name, kernel: host.kernel,
        architecture: host.architecture, processorCount: host.processorCount,
        command: run.command, workingDirectory: run.workingDirectory,
        environment: Dictionary(environment.map { ($0.name, redactor.text($0.value)) }) { $1 },
        options: .init(
          processLimit: limits.processes, nestingLimit: limits.nesting,
          generationLimit: limits.generations, repeatLimit: limits.repeats,
          evidence: options.evidence.rawValue,
          timeout: options.timeout.map { UInt64($0 * 1e9) }, capture: options.capture.rawValue,
          mechanism: mechanism.rawValue),
        limitations: run.limitations))
    noteFailure()
  }

  func write(_ event: Event) {
    recorder.write(event)
    noteFailure()
  }

  func writeStop(at time: TraceTime) {
    recorder.writeStop(at: time)
    noteFailure()
  }

  func end(_ end: RecordingEnd) {
    recorder.write(end)
    // What a full disk or a server refuses late shows here (close(2)).
    let error = file.close()
    if error != 0, !recorder.hasFailed { say(error) }
    noteFailure()
  }

  private func noteFailure() {
    guard recorder.hasFailed, !hasSaidFailure else { return }
    say(errno)
  }

  private func say(_ error: Int32) {
    hasSaidFailure = true
    StandardError.say(
      "cannot record on to \(path): \(Errno(rawValue: error)); what was written can be replayed")
  }

  private static func randomName() -> String {
    var generator = SystemRandomNumberGenerator()
    return [generator.next(), generator.next()].map { (word: UInt64) in
      let digits = String(word, radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }.joined()
  }

  /// The time of day in UTC (RFC 3339). The corresponding C calls are `clock_gettime` and `gmtime_r`.
  private static func now() -> String {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    var parts = tm()
    gmtime_r(&time.tv_sec, &parts)
    func padded(_ number: some BinaryInteger, _ count: Int) -> String {
      let digits = String(number)
      return String(repeating: "0", count: max(0, count - digits.count)) + digits
    }
    let day = [
      padded(parts.tm_year + 1900, 4), padded(parts.tm_mon + 1, 2), padded(parts.tm_mday, 2),
    ].joined(separator: "-")
    let clock = [parts.tm_hour, parts.tm_min, parts.tm_sec].map { padded($0, 2) }
      .joined(separator: ":")
    return "\(day)T\(clock).\(padded(time.tv_nsec / 1000, 6))Z"
  }
}

/// The machine, as `uname(2)` and `sysconf(3)` tell it.
private struct HostFacts {
  let name: String
  let kernel: String
  let architecture: String
  let processorCount: Int

  init() {
    var facts = utsname()
    uname(&facts)
    func text<Field>(_ field: Field) -> String {
      withUnsafeBytes(of: field) { bytes in String(exactly: bytes.prefix { $0 != 0 }) }
    }
    name = text(facts.nodename)
    kernel = text(facts.release)
    architecture = text(facts.machine)
    processorCount = sysconf(Int32(_SC_NPROCESSORS_ONLN))
  }
}
