package import Input
package import TraceModel

/// The files of one run under `strace -ff`, read as one log.
///
/// Lines with times are merged by them; a thread's lines never come before the call that created it.
/// Without times (or with -r, only those since the previous line) the order of calls in different threads
/// is unknown: the lines of a thread come after the lines of its creator, and the ends come last. But what a
/// thread did up to an execve that has replaced the leader always comes before the leader's next line.
package final class StraceThreadFiles {
  private let files: [Int32: any OpenableFile]
  /// Threads whose creation has not been read yet. Some file has it.
  private var awaited: Set<Int32> = []
  /// Files with a line to be read, the next one last.
  private var ready: [Ready] = []
  private var count = 0
  /// Whether times show what happened before what.
  package let isOrdered: Bool
  /// How many files could be opened at first, and then not again, or not be read to their end.
  package private(set) var unreadFiles = 0

  private struct Ready {
    /// The line's time in nanoseconds; files with the same time keep the order in which they appeared.
    var key: (time: UInt64, order: Int)
    var file: StraceThreadFile
  }

  /// Returns the thread in the name of a file: the number behind the last dot.
  package static func thread(ofFile path: String) -> Int32? {
    guard let dot = path.utf8.lastIndex(of: UInt8(ascii: ".")) else { return nil }
    return Int32(path[path.index(after: dot)...]).flatMap { $0 > 0 ? $0 : nil }
  }

  /// Reads all files once to learn which thread created which.
  ///
  /// - Throws: The error of the first file that can't be opened.
  package convenience init(_ paths: [Int32: String]) throws(InputError) {
    try self.init(paths.mapValues { NamedFile(path: $0) })
  }

  /// The same for files that are opened in another way, each of them twice.
  package init(_ files: [Int32: any OpenableFile]) throws(InputError) {
    var isOrdered = true
    for (thread, opened) in files {
      let file = StraceThreadFile(try opened.open(), thread: thread)
      while file.advance() {
        if let child = file.child { awaited.insert(child) }
        switch file.time {
        case .clock, .epoch: break
        case .delta, nil: isOrdered = false
        }
      }
    }
    self.files = files
    self.isOrdered = isOrdered
  }

  /// Reads all files.
  package func read(with reader: inout StraceReader, _ body: @escaping (Event) -> Void) {
    for thread in files.keys.sorted() where !awaited.contains(thread) { add(thread) }
    var parked: [StraceThreadFile] = []
    while let next = next() {
      let file = next.file
      if !isOrdered, file.isEnd {
        parked.append(file)
        continue
      }
      if let thread = file.superseder { readExecution(by: thread, reader: &reader, body) }
      read(next, with: &reader, body)
    }
    // A child ends before its parent, as a rule.
    for file in parked.reversed() {
      repeat {
        reader.read(line: file.line, of: file.thread, body)
      } while file.advance()
    }
  }

  private func read(
    _ next: Ready, with reader: inout StraceReader, _ body: @escaping (Event) -> Void
  ) {
    reader.read(line: next.file.line, of: next.file.thread, body)
    let child = next.file.child
    advance(next)
    if let child, awaited.remove(child) != nil { add(child) }
  }

  /// Reads a thread's lines up to its next execve.
  private func readExecution(
    by thread: Int32, reader: inout StraceReader, _ body: @escaping (Event) -> Void
  ) {
    while let index = ready.firstIndex(where: { $0.file.thread == thread }) {
      let next = ready.remove(at: index)
      let isLast = next.file.beginsExecution
      read(next, with: &reader, body)
      if isLast { return }
    }
  }

  private func next() -> Ready? {
    if let next = ready.popLast() { return next }
    // No file that can be read creates the others: one is damaged, or a number was used twice.
    guard let thread = awaited.sorted().first(where: { files[$0] != nil }) else { return nil }
    awaited.remove(thread)
    add(thread)
    return next()
  }

  private func add(_ thread: Int32) {
    // Not opened earlier, because a process may have only so many open files.
    guard let file = files[thread] else { return }
    guard let source = try? file.open() else {
      unreadFiles += 1
      return
    }
    count += 1
    advance(Ready(key: (0, count), file: StraceThreadFile(source, thread: thread)))
  }

  private func advance(_ old: Ready) {
    var next = old
    guard next.file.advance() else {
      if next.file.isTorn { unreadFiles += 1 }
      return
    }
    if isOrdered, let time = next.file.time {
      switch time {
      case .clock(let time), .epoch(let time), .delta(let time): next.key.time = time
      }
    }
    // By binary search: the array is sorted from the latest to the earliest.
    var range = ready.startIndex..<ready.endIndex
    while !range.isEmpty {
      let middle = range.lowerBound + range.count / 2
      if ready[middle].key > next.key {
        range = (middle + 1)..<range.upperBound
      } else {
        range = range.lowerBound..<middle
      }
    }
    ready.insert(next, at: range.lowerBound)
  }
}
