import Foundation
import TestSupport

/// What a command prints, byte by byte.
enum PrintedOutput {
  /// Both outputs, in one stream, as in a CI job. They need not be UTF-8.
  static func of(
    _ arguments: [String], in directory: String? = nil, environment: [String: String] = [:],
    timeout: Double = 60
  ) throws -> Data {
    let command = [Traced.binary] + arguments
    let outcome = try ChildProcess.run(
      ["sh", "-c", #""$@" 2>&1 | base64 -w 0"#, "sh"] + command, in: directory,
      environment: ["LC_ALL": "C.UTF-8"].merging(environment) { $1 }, timeout: timeout)
    guard !outcome.timedOut, let data = Data(base64Encoded: outcome.standardOutput) else {
      throw Failure(arguments: arguments)
    }
    return data
  }

  struct Failure: Error {
    var arguments: [String]
  }
}
