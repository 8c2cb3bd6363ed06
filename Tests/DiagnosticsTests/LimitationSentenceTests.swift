import Analysis
import Diagnostics
import Testing
import TraceModel

/// Each limitation is one sentence.
struct LimitationSentenceTests {
  private static let pids = (1...7).map { ProcessID(rawValue: $0) }

  @Test(
    arguments: [
      (
        .stacksUnreadable(processes: 1, reason: "why"), "stack of 1 process could not be read (why)"
      ),
      (.callsUnseen(processes: 2, reason: "why"), "what 2 processes opened and wrote"),
      (.opensUnseen(reason: "why"), "a re-execution cycle is found only by chance: why"),
      (.leftRunning(Array(pids.prefix(2))), "left running 1, 2, which --wait"),
      (.leftRunning(pids), "1, 2, 3, 4, 5 and 2 more, "),
      (
        .leftRunning([pids[6]], chain: ProcessChain(program: "main.py", processes: pids)),
        "left running 7, the end of a chain of 7 processes of main.py"
      ),
      (
        .leftRunning([pids[6]], chain: ProcessChain(program: "main.py", processes: pids)),
        "(1, 2, 3, 4, 5 and 2 more); --wait would"
      ),
      (.damagedLines(1, missingEvents: 1), "1 damaged line was skipped, and 1 event is missing"),
      (
        .damagedLines(2, missingEvents: 3), "2 damaged lines were skipped, and 3 events are missing"
      ),
      (.missingEvents(1), "1 event is missing in the middle"),
      (.missingEvents(2), "2 events are missing in the middle"),
      (.recordingUnreadable(explanation: "why"), "could not be read: why"),
      (.recordingTruncated(after: nil), "truncated before the first event: how"),
      (
        .recordingTruncated(
          after: .init(sequence: 9, time: TraceTime(nanoseconds: 1_500_000_000))),
        "truncated after event 9, at 1.5 s: how"
      ),
      (.recorded("as it was"), "as it was"),
      (.foreignLines(1, examples: ["x"]), "1 line was skipped because strace"),
      (.foreignLines(46, examples: ["x", "y"]), "46 lines were skipped because strace"),
      (.foreignLines(46, examples: ["x", "y"]), ": 'x', 'y'"),
      (.logUnreadable(explanation: "why"), "to its end: why"),
      (.logFilesUnreadable(1), "1 of its files has a part"),
      (.logFilesUnreadable(2), "2 of its files have a part"),
      (.logEndsEarly(at: nil), "before the command does: how"),
      (.logEndsEarly(at: TraceTime(nanoseconds: 250_000_000)), "does, at 0.25 s: how"),
      (.log(.noOpens), "the log has no opened files (openat)"),
      (.log(.cutTexts([.paths])), "cut paths"),
      (.logIsIncomplete, "strace -f -s 4096 -e trace="),
    ] as [(Limitation, String)])
  func `one and several are named, and every fact is in the sentence`(
    limitation: Limitation, part: String
  ) {
    #expect(limitation.sentence.contains(part), "\(limitation.sentence)")
    #expect(!limitation.sentence.contains("\n") && !limitation.sentence.hasSuffix("."))
  }
}
