/// A text of `-c` by which multiprocessing starts a process of its own:
/// `from multiprocessing.spawn import spawn_main; spawn_main(tracker_fd=5, pipe_handle=7)`.
struct StarterText {
  /// The import alone. A forkserver's arguments hold paths, and since 3.14 those of the program.
  let beginning: String
  /// Whether nothing else is in the text than numbers of descriptors.
  let isWhole: Bool

  /// The text without what may be the program's.
  var needed: String { isWhole ? text : beginning + "; ..." }
  private let text: String

  /// nil if the import can't be told from what follows.
  init?(_ text: String) {
    self.text = text
    var rest = text[...]
    if rest.hasPrefix("import sys; ") { rest = rest.dropFirst("import sys; ".count) }
    guard rest.hasPrefix("from ") else { return nil }
    rest = rest.dropFirst("from ".count)
    let module = rest.prefix { $0.isOfName || $0 == "." }
    rest = rest.dropFirst(module.count)
    guard !module.isEmpty else { return nil }
    let keyword = " import "
    guard rest.hasPrefix(keyword) else {
      // A log has cut it.
      let isCut =
        rest.isEmpty && module.hasSuffix("...")
        || rest.hasSuffix("...") && keyword.hasPrefix(rest.dropLast(3))
      guard isCut else { return nil }
      (beginning, isWhole) = (text, true)
      return
    }
    let name = rest.dropFirst(keyword.count).prefix(while: \.isOfName)
    rest = rest.dropFirst(keyword.count + name.count)
    beginning = String(text[..<rest.startIndex])
    isWhole = Self.isCall(rest, of: name)
  }

  /// `; spawn_main(tracker_fd=5, pipe_handle=7)`, or nothing, or a log's dots.
  private static func isCall(_ text: Substring, of name: Substring) -> Bool {
    if text.isEmpty || text == "..." { return true }
    let call = text.drop { $0 == ";" || $0 == " " }
    guard call.hasPrefix(name + "("), call.hasSuffix(")") else { return false }
    let values = call.dropFirst(name.count + 1).dropLast().split(separator: ",")
    return values.allSatisfy { value in
      let parts = value.drop { $0 == " " }.split(separator: "=", maxSplits: 1)
      guard let number = parts.last else { return false }
      return number.allSatisfy { $0.isASCII && $0.isNumber }
        && (parts.count == 1 || ["tracker_fd", "pipe_handle"].contains(parts[0]))
    }
  }
}
