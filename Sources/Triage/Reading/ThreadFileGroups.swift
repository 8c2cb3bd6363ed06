internal import Input
internal import Runs

/// Makes one input of the files of one `strace -ff`: NAME.NUMBER in one folder, with lines of
/// strace that don't name their thread.
enum ThreadFileGroups {
  private struct Group {
    /// The files' name without the number.
    var name: String
    var folder: String?
    var files: [(index: Int, thread: Int32, file: StoredFile)] = []
    var hasLog = false
  }

  static func grouped(_ entries: [ListedEntry]) -> [ListedInput] {
    var groups: [String: Group] = [:]
    /// How many inputs are in a folder or archive, and below it.
    var sizes: [String: Int] = [:]
    for (index, entry) in entries.enumerated() {
      for folder in folders(around: entry) { sizes[folder, default: 0] += 1 }
      guard case .stored(let file) = entry.input.origin,
        let (name, thread) = parts(of: entry.input.name, isCompressed: entry.isCompressed),
        let kind = kind(of: file)
      else { continue }
      var group = groups[name] ?? Group(name: name, folder: entry.folder)
      group.files.append((index, thread, file))
      group.hasLog = group.hasLog || kind == .log
      groups[name] = group
    }
    var result: [Int: ListedInput] = [:]
    var hidden: Set<Int> = []
    for group in groups.values where group.hasLog && group.files.count > 1 {
      let threads = Dictionary(group.files.map { ($0.thread, $0.file) }) { first, _ in first }
      // Twice the same number: plain and compressed, or 1 and 01.
      guard threads.count == group.files.count, let first = group.files.first else { continue }
      let isWhole = group.folder.map { sizes[$0] == group.files.count } ?? false
      let name = isWhole ? group.folder ?? group.name : group.name + ".*"
      result[first.index] = ListedInput(name: name, origin: .threads(threads))
      hidden.formUnion(group.files.map(\.index))
    }
    return entries.indices.compactMap { index in
      result[index] ?? (hidden.contains(index) ? nil : entries[index].input)
    }
  }

  private static func folders(around entry: ListedEntry) -> [String] {
    guard entry.folder != nil else { return [] }
    let name = entry.input.name
    return name.indices.filter { name[$0] == "/" || name[$0] == "!" }.map { String(name[..<$0]) }
  }

  /// The name without the number of a thread at its end, and the number; nil if there is none. A
  /// compressed file may have one more suffix.
  private static func parts(of name: String, isCompressed: Bool) -> (String, Int32)? {
    guard let dot = name.lastIndex(of: ".") else { return nil }
    let digits = name[name.index(after: dot)...]
    if let thread = Int32(digits), thread > 0, !digits.hasPrefix("+") {
      return (String(name[..<dot]), thread)
    }
    return isCompressed ? parts(of: String(name[..<dot]), isCompressed: false) : nil
  }

  private enum Kind {
    case log
    /// Nothing, or the beginning of one line: the thread or strace was killed then.
    case fragment
  }

  /// What a file can be of a `strace -ff`; nil if it is none of its files.
  private static func kind(of file: StoredFile) -> Kind? {
    guard let input = try? Input(file.open()) else { return nil }
    if input.beginning.isEmpty { return .fragment }
    switch RunFormat(input.beginning) {
    case .log(namesThreads: false): return .log
    case .log, .recording, .countTable: return nil
    case nil:
      let isText = InputKind(input.beginning) == .text
      return isText && !input.beginning.contains(0x0a) ? .fragment : nil
    }
  }
}
