/// What a log was seen to lack.
struct StraceNotes {
  private(set) var damagedLines: UInt64 = 0
  private(set) var damagedExamples: [String] = []
  private var hasOpens = false
  private var hasWrites = false
  private var hasExecutions = false
  private var hasPython = false
  private var hasWorkers = false
  private var hasCutCommands = false
  private var hasCutPaths = false
  private var hasCutTexts = false
  private var hasOrphans = false
  private var hasUnsureParents = false
  private var hasChildren = false
  private var hasLinesOfChildren = false

  /// The command line that tells all that is needed.
  private static let remedy =
    "strace -f -s 4096 -e trace=process,openat,open,write,pipe2,connect,bind,kill -o run.strace COMMAND"

  mutating func damaged(_ line: StraceBytes) {
    damagedLines += 1
    if damagedExamples.count < 3 {
      let start = line.bytes.prefix(80)
      damagedExamples.append(String(decoding: start, as: UTF8.self))
    }
  }

  @inline(__always)
  mutating func saw(_ call: StraceCall) {
    switch call {
    case .open, .openat: hasOpens = true
    case .write: hasWrites = true
    case .execve, .execveat: hasExecutions = true
    default: break
    }
  }

  mutating func sawPython() { hasPython = true }
  mutating func sawWorker() { hasWorkers = true }
  mutating func sawCutCommand() { hasCutCommands = true }
  mutating func sawCutPath() { hasCutPaths = true }
  mutating func sawCutText() { hasCutTexts = true }
  mutating func sawOrphan() { hasOrphans = true }
  mutating func sawUnsureParent() { hasUnsureParents = true }
  mutating func sawChild() { hasChildren = true }
  @inline(__always)
  mutating func sawLineOfChild() { hasLinesOfChildren = true }

  var limitations: [String] {
    var result: [String] = []
    if !hasExecutions {
      result.append("the log has no execve, so that nobody knows what its processes run")
    }
    if hasPython, !hasOpens {
      result.append(
        "the log has no opened files (openat), so that no re-execution cycle can be found")
    }
    if hasWorkers, !hasWrites {
      result.append(
        "the log has no writes, so that starts that are refused are told by opened files alone")
    }
    if hasCutCommands || hasCutPaths || hasCutTexts {
      let what = [
        hasCutCommands ? "command lines" : nil, hasCutPaths ? "paths" : nil,
        hasCutTexts ? "error messages" : nil,
      ].compactMap(\.self).joined(separator: " and ")
      result.append("the log has cut \(what) (strace cuts texts at 32 characters without -s)")
    }
    if hasChildren, !hasLinesOfChildren, !hasOrphans, hasPython {
      result.append(
        "the log does not follow the processes that the command starts (strace -f does)")
    }
    if hasOrphans {
      result.append("the log has processes of which it does not tell who started them")
    }
    if hasUnsureParents {
      result.append(
        "some processes began while several were starting one, and may be told under the wrong one")
    }
    if !result.isEmpty { result.append("this tells all that is needed: \(Self.remedy)") }
    return result
  }
}
