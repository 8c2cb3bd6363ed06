internal import Bytes
internal import TraceModel

/// The different frames of a log, each once, with the texts that were seen below it.
struct FrameTable: Sendable {
  typealias ID = Int32

  struct Entry: Sendable {
    var frame: PythonFrame
    var traits: FrameTraits
    /// How much speaks for each text.
    var texts: [String: Int] = [:]
    /// The text for which most speaks.
    var text: String?
    /// How often that has changed.
    var generation = 0
  }

  private(set) var entries: [Entry] = []
  private var ids: [PythonFrame: ID] = [:]
  /// The folders of the standard library that frames of multiprocessing lie in.
  private var libraries: [String] = []
  /// The most that speaks for a text at any frame.
  private var claims: [String: Int] = [:]
  /// How well a frame can have called another, by both numbers and the caller's generation.
  private var known: [UInt64: (link: FrameLink, generation: Int)] = [:]
  /// How many more bytes of paths and texts are kept.
  private var room = 32 * 1024 * 1024

  private static let limit = 16_384
  private static let textLimit = 32
  private static let linkLimit = 32_768

  subscript(id: ID) -> Entry { entries[Int(id)] }

  /// The frame's number; nil if there are too many different ones.
  mutating func add(_ frame: PythonFrame) -> ID? {
    if let id = ids[frame] { return id }
    let size = frame.path.utf8.count + frame.function.utf8.count
    guard entries.count < Self.limit, size <= room else { return nil }
    room -= size
    let id = ID(entries.count)
    let traits = FrameTraits(frame, libraries: libraries)
    if let library = traits.library, libraries.count < 8, !libraries.contains(library) {
      libraries.append(library)
    }
    entries.append(Entry(frame: frame, traits: traits))
    ids[frame] = id
    return id
  }

  /// Counts a text that may be that of a frame's line.
  mutating func vote(_ text: String, for id: ID, weight: Int) {
    let index = Int(id)
    if entries[index].texts[text] == nil {
      let size = text.utf8.count
      guard entries[index].texts.count < Self.textLimit, size <= room else { return }
      room -= size
    }
    entries[index].texts[text, default: 0] += weight
    let votes = entries[index].texts[text] ?? 0
    claims[text] = max(claims[text] ?? 0, votes)
    if let best = entries[index].text, entries[index].texts[best] ?? 0 >= votes { return }
    guard entries[index].text != text else { return }
    entries[index].text = text
    entries[index].generation += 1
  }

  /// The most that speaks for a text at any frame.
  func claim(_ text: String) -> Int { claims[text] ?? 0 }

  /// How well a frame can have called another.
  mutating func link(_ caller: ID, _ callee: ID) -> FrameLink {
    let key = UInt64(UInt32(bitPattern: caller)) << 32 | UInt64(UInt32(bitPattern: callee))
    let generation = self[caller].generation
    if let found = known[key], found.generation == generation { return found.link }
    let (one, other) = (self[caller], self[callee])
    let link = FrameLink(one.traits, one.frame, one.text, other.traits, other.frame)
    if known.count >= Self.linkLimit { known.removeAll(keepingCapacity: true) }
    known[key] = (link, generation)
    return link
  }
}
