internal import TraceModel

/// The members of a header.
struct HeaderFields {
  private var format: String?
  private var version: Int?
  private var oldestReader: Int?
  private var tool: String?
  private var run: String?
  private var began: String?
  private var monotonicStart: UInt64?
  private var host: String?
  private var kernel: String?
  private var architecture: String?
  private var processorCount: Int?
  private var command: [String]?
  private var workingDirectory: String?
  private var environment: [String: String] = [:]
  private var options: RecordingHeader.Options?
  private var limitations: [String] = []

  init(_ value: JSONValue) {
    _ = value.forEachMember { key, value in
      take(key, value)
      return true
    }
  }

  private mutating func take(_ key: JSONKey, _ value: JSONValue) {
    if key == "fmt" {
      format = value.text
    } else if key == "v" {
      version = value.integer()
    } else if key == "minReader" {
      oldestReader = value.integer()
    } else if key == "tool" {
      tool = value.text
    } else if key == "run" {
      run = value.text
    } else if key == "t0" {
      began = value.text
    } else if key == "mono" {
      monotonicStart = value.integer()
    } else if key == "host" {
      host = value.text
    } else if key == "kernel" {
      kernel = value.text
    } else if key == "arch" {
      architecture = value.text
    } else if key == "ncpu" {
      processorCount = value.integer()
    } else if key == "argv" {
      command = value.texts
    } else if key == "cwd" {
      workingDirectory = value.text
    } else if key == "env" {
      takeEnvironment(value)
    } else if key == "options" {
      options = RecordingHeader.Options(value)
    } else if key == "limitations" {
      limitations = value.texts ?? []
    }
  }

  private mutating func takeEnvironment(_ value: JSONValue) {
    _ = value.forEachMember { key, value in
      environment[String(decoding: key.bytes, as: UTF8.self)] = value.text
      return true
    }
  }

  /// Why it can't be understood; nil where it can.
  var versionError: RecordingVersionError? {
    guard let version, let oldestReader, oldestReader > RecordingFormat.version else { return nil }
    return RecordingVersionError(
      version: version, oldestReader: oldestReader, tool: tool ?? "unknown")
  }

  /// nil where a member is missing without which a run isn't known.
  var header: RecordingHeader? {
    guard format == RecordingFormat.name, version != nil, let command, let workingDirectory else {
      return nil
    }
    return RecordingHeader(
      tool: tool ?? "unknown", run: run ?? "", began: began ?? "",
      monotonicStart: monotonicStart, host: host ?? "", kernel: kernel ?? "",
      architecture: architecture ?? "", processorCount: processorCount ?? 0, command: command,
      workingDirectory: workingDirectory, environment: environment,
      options: options
        ?? .init(
          limits: Limits(maxProcesses: .max), evidence: "all", timeout: nil, capture: "needed",
          mechanism: ""),
      limitations: limitations)
  }
}

extension RecordingHeader.Options {
  fileprivate init?(_ value: JSONValue) {
    var result = Self(
      limits: Limits(maxProcesses: .max), evidence: "all", timeout: nil, capture: "needed",
      mechanism: "")
    let isObject = value.forEachMember { key, value in
      if key == "maxProcesses" {
        result.limits.maxProcesses = value.integer() ?? .max
      } else if key == "maxNesting" {
        result.limits.maxNesting = value.integer() ?? result.limits.maxNesting
      } else if key == "maxGenerations" {
        result.limits.maxGenerations = value.integer() ?? result.limits.maxGenerations
      } else if key == "maxRepeats" {
        result.limits.maxRepeats = value.integer() ?? result.limits.maxRepeats
      } else if key == "evidence" {
        result.evidence = value.text ?? "all"
      } else if key == "timeout" {
        result.timeout = value.integer()
      } else if key == "capture" {
        result.capture = value.text ?? "needed"
      } else if key == "mechanism" {
        result.mechanism = value.text ?? ""
      }
      return true
    }
    guard isObject else { return nil }
    self = result
  }
}

extension RecordingEnd {
  init?(_ value: JSONValue) {
    var time: UInt64?
    var events: UInt64?
    var status: Int32?
    var signal: Int32?
    var isStopped = false
    var hasTimedOut = false
    let isObject = value.forEachMember { key, value in
      if key == "t" {
        time = value.integer()
      } else if key == "events" {
        events = value.integer()
      } else if key == "status" {
        status = value.integer()
      } else if key == "sig" {
        signal = value.integer()
      } else if key == "stopped" {
        isStopped = value.boolean ?? false
      } else if key == "timedOut" {
        hasTimedOut = value.boolean ?? false
      }
      return true
    }
    guard isObject, let ending = Termination(status: status, signal: signal) else { return nil }
    self.init(
      time: TraceTime(nanoseconds: time ?? 0), events: events ?? 0, ending: ending,
      isStopped: isStopped, hasTimedOut: hasTimedOut)
  }
}
