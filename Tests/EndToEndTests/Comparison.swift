internal import TestSupport
internal import Testing

/// The ways in which the tracer sees system calls. A program must not notice any of them.
enum TracingMechanism: String, CaseIterable, Sendable, CustomTestStringConvertible {
  case notify
  case trace
  case events

  var testDescription: String { rawValue }

  /// The options of a run that ends no program and prints no report.
  var options: [String] {
    ["--on-cycle=report", "--report=none", "--watch=all", "--mechanism=\(rawValue)"]
  }
}

/// Runs `command` bare and traced, and expects the same output and the same end.
///
/// `expected` is what the program prints, if that is known. Without it a program that fails in both
/// runs alike passes.
@discardableResult
func expectSame(
  _ command: [String], _ mechanism: TracingMechanism, printing expected: String? = nil,
  ending: String = "status 0", in directory: String? = nil, environment: [String: String] = [:],
  input: String = "", closing: [Int32] = [], timeout: Double = 60,
  sourceLocation: SourceLocation = #_sourceLocation
) throws -> Traced.Run {
  let bare = try ChildProcess.run(
    command, in: directory, environment: environment, input: input, closing: closing,
    timeout: timeout)
  let traced = try Traced.run(
    command, options: mechanism.options, in: directory, environment: environment, input: input,
    closing: closing, timeout: timeout)
  if let expected {
    #expect(bare.standardOutput == expected, "bare", sourceLocation: sourceLocation)
  }
  #expect(bare.ending == ending, "bare", sourceLocation: sourceLocation)
  #expect(traced.outcome.ending == bare.ending, sourceLocation: sourceLocation)
  #expect(traced.outcome.standardOutput == bare.standardOutput, sourceLocation: sourceLocation)
  #expect(traced.outcome.standardError == bare.standardError, sourceLocation: sourceLocation)
  #expect(traced.report?.trace.lost == 0, sourceLocation: sourceLocation)
  return traced
}

/// Does the same for the text of a C program, which `CProgram.withPrelude` completes.
@discardableResult
func expectSame(
  program: String, arguments: [String] = [], _ mechanism: TracingMechanism,
  printing expected: String? = nil, ending: String = "status 0", in directory: String? = nil,
  environment: [String: String] = [:], closing: [Int32] = [], timeout: Double = 60,
  sourceLocation: SourceLocation = #_sourceLocation
) throws -> Traced.Run {
  try expectSame(
    [
      try CProgram.withPrelude(
        program, file: sourceLocation.fileID, line: sourceLocation.line)
    ] + arguments, mechanism, printing: expected, ending: ending,
    in: directory, environment: environment, closing: closing, timeout: timeout,
    sourceLocation: sourceLocation)
}
