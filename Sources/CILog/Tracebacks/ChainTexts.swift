internal import TraceModel

/// What the frames of a chain call, and which texts say so.
struct ChainTexts: Sendable {
  /// The frame that each frame calls.
  private let next: [FrameTable.ID: FrameTable.ID]
  /// The frames that a text may belong to, because it names what they call.
  private var callers: [String: Set<FrameTable.ID>] = [:]

  init(_ frames: [FrameTable.ID], in table: FrameTable) {
    next = Dictionary(zip(frames, frames.dropFirst())) { _, last in last }
    for (caller, callee) in next where table[caller].texts.count > 0 {
      let function = table[callee].frame.function
      for text in table[caller].texts.keys where FrameLink.names(function, in: text) {
        callers[text, default: []].insert(caller)
      }
    }
  }

  /// The text of a frame that calls another: of those that name it, the most frequent. A text that
  /// was seen more often below another frame, or says what another one calls, is that one's.
  func text(of id: FrameTable.ID, in table: FrameTable) -> String? {
    let entry = table[id]
    guard entry.texts.count > 1 else { return entry.text }
    let function = next[id].map { table[$0].frame.function }
    let own = entry.texts.filter { text, votes in
      function.map { FrameLink.names($0, in: text) } == true
        || table.claim(text) <= votes && !isExplained(text, without: id)
    }
    func weight(_ text: (key: String, value: Int)) -> Int {
      // One glance at a torn line doesn't outweigh many at a whole one.
      let isNaming = function.map { FrameLink.names($0, in: text.key) } == true
      // A statement's later line, which 3.13 and later print, too.
      let isLater = text.key.utf8.count { $0 == 0x29 } > text.key.utf8.count { $0 == 0x28 }
      return text.value * (isNaming ? 16 : isLater ? 1 : 2)
    }
    let best = (own.isEmpty ? entry.texts : own).max {
      (weight($0), $1.key) < (weight($1), $0.key)
    }
    return best?.key
  }

  /// A frame with the text of its line.
  func frame(_ id: FrameTable.ID, in table: FrameTable) -> PythonFrame {
    var frame = table[id].frame
    frame.source = text(of: id, in: table).map { SourceExcerpt(line: $0) }
    return frame
  }

  /// Whether another frame of the chain was seen with a text that names what that frame calls.
  private func isExplained(_ text: String, without id: FrameTable.ID) -> Bool {
    callers[text]?.contains { $0 != id } ?? false
  }
}
