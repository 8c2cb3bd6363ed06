internal import CTestSupport
internal import Foundation

/// The result of a command.
package struct Outcome: Sendable {
  /// nil if it died of a signal.
  package var status: Int32?
  package var signal: Int32?
  package var standardOutput: String
  package var standardError: String
  /// Whether it was killed because it took too long.
  package var timedOut: Bool

  /// How it ended, in words.
  package var ending: String {
    if timedOut { return "timed out" }
    return status.map { "status \($0)" } ?? "signal \(signal ?? 0)"
  }
}

/// Runs commands as a shell would. Signals, groups and descriptors are as usual, except for what
/// the caller asks for.
package enum ChildProcess {
  /// Runs `command` (the program's path first, or a name to be found through PATH) to its end.
  ///
  /// The command gets a process group of its own and, since pipes can fill up, files for its
  /// output. After `timeout` seconds it is killed with its group and its descendants.
  package static func run(
    _ command: [String], in directory: String? = nil, environment: [String: String] = [:],
    input: String = "", closing closed: [Int32] = [], timeout: Double = 60
  ) throws -> Outcome {
    let scratch = try ScratchFolder()
    try scratch.write("in", input)
    try scratch.write("out", "")
    try scratch.write("err", "")
    var variables = ProcessInfo.processInfo.environment
    variables.merge(environment) { _, new in new }
    let texts = [
      scratch.path + "/in", scratch.path + "/out", scratch.path + "/err", directory ?? "",
    ]
    var process: pid_t = 0
    let error = withPointers(command) { arguments in
      withPointers(variables.map { "\($0.key)=\($0.value)" }) { environment in
        withPointers(texts) { texts -> Int32 in
          guard let arguments = arguments.baseAddress, let environment = environment.baseAddress,
            let input = texts[0], let output = texts[1], let error = texts[2]
          else { return EINVAL }
          var request = ctest_command(
            arguments: arguments, environment: environment,
            directory: directory == nil ? nil : UnsafePointer(texts[3]), input: input,
            output: output, error: error,
            closed: closed.reduce(0) { $0 | 1 << UInt32($1) })
          return ctest_spawn(&request, &process)
        }
      }
    }
    guard error == 0 else { throw Failure(command: command, error: error) }
    let ended = ctest_wait(process, Int32(timeout * 1000))
    if !ended { end(process) }
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0 && errno == EINTR {}
    let low = status & 0x7f
    return Outcome(
      status: low == 0 ? status >> 8 & 0xff : nil, signal: low == 0 ? nil : low,
      standardOutput: scratch.read("out") ?? "", standardError: scratch.read("err") ?? "",
      timedOut: !ended)
  }

  /// Kills a process with its group and with descendants that have left the group.
  private static func end(_ process: pid_t) {
    let folder = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    var children: [pid_t: [pid_t]] = [:]
    for child in folder.compactMap({ pid_t($0) }) {
      // The parent stands second after the name, which is in parentheses and may hold anything.
      guard let text = try? String(contentsOfFile: "/proc/\(child)/stat", encoding: .utf8),
        let fields = text.split(separator: ")").last?.split(separator: " "), fields.count > 1,
        let parent = pid_t(fields[1])
      else { continue }
      children[parent, default: []].append(child)
    }
    kill(-process, SIGKILL)
    var doomed = [process]
    while let next = doomed.popLast() {
      doomed += children.removeValue(forKey: next) ?? []
      kill(next, SIGKILL)
    }
  }

  /// A command that couldn't be started.
  package struct Failure: Error, CustomStringConvertible {
    package let command: [String]
    package let error: Int32

    package var description: String {
      "cannot run \(command.joined(separator: " ")): \(String(cString: strerror(error)))"
    }
  }

  private static func withPointers<Result>(
    _ strings: [String], _ body: (UnsafeBufferPointer<UnsafeMutablePointer<CChar>?>) -> Result
  ) -> Result {
    let pointers: [UnsafeMutablePointer<CChar>?] = strings.map { strdup($0) } + [nil]
    defer { pointers.forEach { free($0) } }
    return pointers.withUnsafeBufferPointer(body)
  }
}

/// Whether a process still runs. A zombie, which only waits for its parent to reap it, doesn't.
package func isAlive(_ process: Int) -> Bool {
  guard let text = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
    let state = text[(text.lastIndex(of: ")") ?? text.startIndex)...].dropFirst(2).first
  else { return false }
  return state != "Z" && state != "X"
}
