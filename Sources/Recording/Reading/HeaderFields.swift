internal import JSON
internal import TraceModel

/// The members of a header, in any order.
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
  private var checkout: String?
  private var environment = RunEnvironment()
  private var options: RecordingHeader.Options?
  private var limitations: [String] = []

  init(_ value: JSONValue) {
    _ = value.forEachMember { key, value in
      read(key, value)
      return true
    }
  }

  private mutating func read(_ key: JSONKey, _ value: JSONValue) {
    switch key {
    case "fmt": format = value.text
    case "v": version = value.integer()
    case "minReader": oldestReader = value.integer()
    case "tool": tool = value.text
    case "run": run = value.text
    case "t0": began = value.text
    case "mono": monotonicStart = value.integer()
    case "host": host = value.text
    case "kernel": kernel = value.text
    case "arch": architecture = value.text
    case "ncpu": processorCount = value.integer()
    case "argv": command = value.texts
    case "cwd": workingDirectory = value.text
    case "checkout": checkout = value.text
    case "env": Self.read(value, into: &environment.values)
    case "envHashes": Self.read(value, into: &environment.hashes)
    case "keyid": environment.key = value.text
    case "options": options = RecordingHeader.Options(value)
    case "limitations": limitations = value.texts ?? []
    default: break
    }
  }

  private static func read(_ value: JSONValue, into variables: inout [String: String]) {
    _ = value.forEachMember { key, value in
      variables[String(decoding: key.bytes, as: UTF8.self)] = value.text
      return true
    }
  }

  /// Why this reader can't understand the recording; nil if it can.
  var versionError: RecordingVersionError? {
    guard let version, let oldestReader, oldestReader > RecordingFormat.version else { return nil }
    return RecordingVersionError(
      version: version, oldestReader: oldestReader, tool: tool ?? "unknown")
  }

  /// Makes the header; nil if a member is missing that identifies the run.
  var header: RecordingHeader? {
    guard format == RecordingFormat.name, version != nil, let command, let workingDirectory else {
      return nil
    }
    return RecordingHeader(
      tool: tool ?? "unknown", run: run ?? "", began: began ?? "",
      monotonicStart: monotonicStart, host: host ?? "", kernel: kernel ?? "",
      architecture: architecture ?? "", processorCount: processorCount ?? 0, command: command,
      workingDirectory: workingDirectory, checkout: checkout,
      environment: environment,
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
      switch key {
      case "maxProcesses": result.limits.maxProcesses = value.integer() ?? .max
      case "maxNesting": result.limits.maxNesting = value.integer() ?? result.limits.maxNesting
      case "maxGenerations":
        result.limits.maxGenerations = value.integer() ?? result.limits.maxGenerations
      case "maxRepeats": result.limits.maxRepeats = value.integer() ?? result.limits.maxRepeats
      case "evidence": result.evidence = value.text ?? "all"
      case "timeout": result.timeout = value.integer()
      case "capture": result.capture = value.text ?? "needed"
      case "mechanism": result.mechanism = value.text ?? ""
      default: break
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
      switch key {
      case "t": time = value.integer()
      case "events": events = value.integer()
      case "status": status = value.integer()
      case "sig": signal = value.integer()
      case "stopped": isStopped = value.boolean ?? false
      case "timedOut": hasTimedOut = value.boolean ?? false
      default: break
      }
      return true
    }
    guard isObject, let ending = Termination(status: status, signal: signal) else { return nil }
    self.init(
      time: TraceTime(nanoseconds: time ?? 0), events: events ?? 0, ending: ending,
      isStopped: isStopped, hasTimedOut: hasTimedOut)
  }
}
