package import Analysis
internal import TraceModel

extension Limitation {
  /// A command line of strace whose log lacks nothing.
  private static let completeLogCommand =
    "strace -f -s 4096 -e trace=process,openat,open,write,pipe2,connect,bind,kill -o run.strace COMMAND"

  /// What is missing, a sentence without its full stop.
  package var sentence: String {
    switch self {
    case .stacksUnreadable(let count, let reason):
      """
      the Python stack of \(counted(count, "process", "processes")) could not be read (\(reason)), \
      so a re-execution cycle there is inferred from system calls and texts alone
      """
    case .callsUnseen(let count, let reason):
      """
      what \(counted(count, "process", "processes")) opened and wrote could not be seen \
      (\(reason)), so a re-execution cycle there is not found
      """
    case .opensUnseen(let reason):
      "opened files could not be seen, so a re-execution cycle is found only by chance: \(reason)"
    case .leftRunning(let processes, let chain?):
      """
      the command left running \(processes.shortList), the end of a chain of \
      \(chain.processes.count) processes of \(chain.program) that each started the next one and \
      ended (\(chain.processes.shortList)); --wait would have traced it to its end, \
      --kill-survivors ended it
      """
    case .leftRunning(let processes, nil):
      "the command left running \(processes.shortList), which --wait would have traced to the end"
    case .processFilesUnusable(.missing):
      "/proc is not mounted, so less is seen than usual; as root: mount -t proc proc /proc"
    case .processFilesUnusable(.foreign):
      "/proc shows another pid namespace and is not read, so less is seen: unshare --mount-proc"
    case .damagedLines(let lines, let events):
      """
      \(counted(lines, "damaged line was", "damaged lines were")) skipped, and \
      \(counted(events, "event is", "events are")) missing
      """
    case .missingEvents(let events):
      "\(counted(events, "event is", "events are")) missing in the middle of the recording"
    case .recordingUnreadable(let explanation):
      "the rest of the recording could not be read: \(explanation)"
    case .recordingTruncated(let moment):
      "the recording is truncated \(place(moment)): how the run ended is not known"
    case .recorded(let sentence): sentence
    case .log(let limitation): limitation.sentence
    case .logIsIncomplete: "this command logs all that is needed: \(Self.completeLogCommand)"
    case .foreignLines(let lines, let examples):
      """
      \(counted(lines, "line was", "lines were")) skipped because strace does not write such \
      lines: \(examples.map { "'\($0)'" }.joined(separator: ", "))
      """
    case .logUnreadable(let explanation): "the log could not be read to its end: \(explanation)"
    case .logFilesUnreadable(let files):
      """
      the log could not be read to its end: \
      \(counted(files, "of its files has", "of its files have")) a part that could not be read
      """
    case .logEndsEarly(let time):
      "the log ends before the command does\(suffix(time)): how the command ended is not known"
    }
  }

  private func counted(_ count: some BinaryInteger, _ one: String, _ several: String) -> String {
    "\(count) \(count == 1 ? one : several)"
  }

  private func place(_ moment: Moment?) -> String {
    guard let moment else { return "before the first event" }
    return "after event \(moment.sequence), at \(Seconds(moment.time.nanoseconds).text) s"
  }

  private func suffix(_ time: TraceTime?) -> String {
    time.map { ", at \(Seconds($0.nanoseconds).text) s" } ?? ""
  }
}

extension [ProcessID] {
  /// The first process ids, and how many more there are.
  package var shortList: String {
    let first = prefix(5).map { String($0.rawValue) }.joined(separator: ", ")
    return first + (count > 5 ? " and \(count - 5) more" : "")
  }
}
