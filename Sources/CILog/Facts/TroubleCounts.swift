internal import Bytes

/// Counts the lines that name a trouble.
struct TroubleCounts: Sendable {
  private(set) var counts: [LogTrouble: Int] = [:]

  mutating func read(_ line: UnsafeRawBufferPointer, _ markers: Markers) {
    for trouble in Self.troubles(line, markers) { counts[trouble, default: 0] += 1 }
  }

  private static func troubles(
    _ line: UnsafeRawBufferPointer, _ markers: Markers
  ) -> [LogTrouble] {
    var found: [LogTrouble] = []
    let plain: [(Marker, LogTrouble)] = [
      (.semaphore, .leakedSemaphore), (.context, .contextAlreadySet), (.daemonic, .daemonicChild),
      (.cancelled, .cancelled), (.timeLimit, .timedOut), (.input, .ranOutOfInput),
      (.brokenPool, .brokenProcessPool),
    ]
    for (marker, trouble) in plain where markers.has(marker) { found.append(trouble) }
    if markers.has(.pipe), isRaised("BrokenPipeError", line) { found.append(.brokenPipe) }
    if markers.has(.endOfFile), isRaised("EOFError", line) { found.append(.endOfFile) }
    if markers.has(.errno) {
      let numbers: [(StaticString, LogTrouble)] = [
        ("[Errno 11]", .errno11), ("[Errno 12]", .errno12), ("[Errno 24]", .errno24),
        ("[Errno 28]", .errno28),
      ]
      for (text, trouble) in numbers where line.contains(text) { found.append(trouble) }
    }
    if markers.has(.killed) || markers.has(.memory), isKill(line) { found.append(.killed) }
    if markers.has(.status137), isStatus(line) { found.append(.status137) }
    return found
  }

  /// Whether a line is that of an exception, and not a statement with its name.
  private static func isRaised(_ name: StaticString, _ line: UnsafeRawBufferPointer) -> Bool {
    guard let range = line.range(of: name) else { return false }
    let before = line[..<range.lowerBound]
    let rest = line[range.upperBound...]
    return !before.suffix(6).elementsEqual("raise ".utf8)
      && !before.suffix(7).elementsEqual("except ".utf8)
      && (rest.first == UInt8(ascii: ":") || rest.allSatisfy { $0 <= 0x20 })
  }

  /// What a shell or the kernel says of a SIGKILL: `Killed` at the end of a line, or with a command
  /// behind it.
  private static func isKill(_ line: UnsafeRawBufferPointer) -> Bool {
    if line.contains("Killed process") || line.contains("oom-kill")
      || line.contains("Out of memory")
    {
      return true
    }
    guard let range = line.range(of: "Killed") else { return false }
    let rest = line[range.upperBound...]
    let isWord = range.lowerBound == 0 || line[range.lowerBound - 1] <= 0x20
    return isWord && (rest.allSatisfy { $0 == 0x20 || $0 == 0x0D } || rest.starts(with: "   ".utf8))
  }

  /// 137 as a status: `exit code 137`, `exited with status 137`, `Error 137`.
  private static func isStatus(_ line: UnsafeRawBufferPointer) -> Bool {
    let words: [StaticString] = [
      "code 137", "status 137", "Error 137", "with 137", "code: 137", "rc=137",
    ]
    return words.contains { line.contains($0) } || line.contains("code '137'")
  }
}
