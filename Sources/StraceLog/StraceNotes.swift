internal import Bytes
internal import TraceModel

/// What a log was seen to have and to lack.
struct StraceNotes {
  private(set) var damagedLines: UInt64 = 0
  private(set) var damagedExamples: [String] = []
  private var hasOpens = false
  private var hasWrites = false
  private var hasExecutions = false
  private var hasPython = false
  private var hasWorkers = false
  private var cutTexts: Set<StraceLimitation.Text> = []

  mutating func damaged(_ line: ByteScanner) {
    damagedLines += 1
    if damagedExamples.count < 3 {
      damagedExamples.append(String(decoding: line.bytes.prefix(80), as: UTF8.self))
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
  mutating func sawCut(_ text: StraceLimitation.Text) { cutTexts.insert(text) }

  func limitations(_ lineage: StraceThreads.Lineage) -> [StraceLimitation] {
    var result: [StraceLimitation] = []
    if !hasExecutions { result.append(.noExecutions) }
    if hasPython, !hasOpens { result.append(.noOpens) }
    if hasWorkers, !hasWrites { result.append(.noWrites) }
    let cut = StraceLimitation.Text.allCases.filter(cutTexts.contains)
    if !cut.isEmpty { result.append(.cutTexts(cut)) }
    if lineage.hasChildren, !lineage.hasLinesOfChildren, !lineage.hasUnknownParents, hasPython {
      result.append(.childrenNotFollowed)
    }
    if lineage.hasUnknownParents { result.append(.unknownParents) }
    if lineage.hasUnsureParents { result.append(.unsureParents) }
    return result
  }
}
