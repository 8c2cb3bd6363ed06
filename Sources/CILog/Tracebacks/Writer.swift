internal import Bytes

/// What is known of the process that wrote a line of a traceback. A traceback has one writer.
struct Writer: Hashable, Sendable {
  /// The number of its name in the lines' prefixes; nil if they have none.
  var name: Int?
  /// Whether the line has the grammar of pytest's reports.
  var isPytest = false
}

/// The names of a log's writers, as the lines' prefixes show them.
struct Writers: Sendable {
  private struct Entry {
    var number: Int
    var name: [UInt8]
    var prefix: LinePrefix
    var lastUse: Int
  }

  private var entries: [Entry] = []
  /// The numbers of the names that came again behind others.
  private var known: [Int] = []
  private var uses = 0
  private var numbers = 0

  private static let limit = 32

  /// The writer's number, for the prefix of a head or a frame; nil if it names none.
  mutating func add(_ prefix: LinePrefix) -> Int? {
    if let index = entries.indices.last, entries[index].prefix == prefix { return use(index) }
    guard let name = WriterName.find(in: prefix.bytes[...]) else { return nil }
    if let index = entries.firstIndex(where: { $0.name == name }) {
      entries[index].prefix = prefix
      return use(index)
    }
    if entries.count == Self.limit, let index = entries.indices.min(by: { rank($0) < rank($1) }) {
      let number = entries.remove(at: index).number
      known.removeAll { $0 == number }
    }
    numbers += 1
    uses += 1
    entries.append(Entry(number: numbers, name: name, prefix: prefix, lastUse: uses))
    return numbers
  }

  private mutating func use(_ index: Int) -> Int {
    uses += 1
    if entries[index].lastUse + 1 < uses, !isKnown(entries[index].number) {
      known.append(entries[index].number)
    }
    entries[index].lastUse = uses
    return entries[index].number
  }

  /// What is given up first is what came once, long ago.
  private func rank(_ index: Int) -> (Int, Int) {
    (isKnown(entries[index].number) ? 1 : 0, entries[index].lastUse)
  }

  /// The known writer of another line, and what stands before the line's text.
  func find(_ line: UnsafeRawBufferPointer) -> (number: Int, prefix: LinePrefix)? {
    var last: (end: Int, name: [UInt8]?)?
    for entry in entries {
      guard let end = entry.prefix.end(in: line) else { continue }
      // The same but for numbers: those of stamps may differ, and those of names not.
      if last?.end != end { last = (end, WriterName.find(in: line[..<end])) }
      if last?.name == entry.name { return (entry.number, entry.prefix) }
    }
    return nil
  }

  /// Whether both can be the same process.
  func canBeSame(_ one: Writer, _ other: Writer) -> Bool {
    guard one.isPytest == other.isPytest else { return false }
    guard let name = one.name, let otherName = other.name, name != otherName else { return true }
    return !isKnown(name) || !isKnown(otherName)
  }

  /// Whether a name is surely one. What differs in each line, or grows, never comes again behind
  /// another.
  func isKnown(_ number: Int) -> Bool { known.contains(number) }
}
