internal import TraceModel

/// Takes tracebacks apart that several processes wrote at once.
///
/// A lane is one process's traceback, as far as it has come. A frame continues a lane if that
/// one's last frame can have called it, by its text or by what multiprocessing calls. If nothing
/// speaks for a lane, it continues the one that was continued last. So whole lines may come in any
/// mixture. With one process there is one lane, and this is reading from top to bottom. Lanes of
/// different writers have nothing to do with each other.
struct Lanes: Sendable {
  private(set) var table = FrameTable()
  var writers = Writers()
  private(set) var chains: [Chain: ChainTally] = [:]
  /// Messages of a refusal that no chain has claimed.
  private(set) var freeMessages = 0
  /// The last touched lane is the last one.
  private var lanes: [Lane] = []
  /// Chains that end in a refusal and still lack its message.
  private var awaiting: [(chain: Chain, line: Int, writer: Writer)] = []
  /// Messages that came before the frames, by line.
  private var early: [Int] = []

  private static let laneLimit = 48
  private static let frameLimit = 512
  private static let chainLimit = 1_024
  /// How many lines after its last frame a lane is given up.
  private static let patience = 400
  /// How near another lane's frame must be to have come between.
  private static let nearness = 40

  var hasOpenLane: Bool { !lanes.isEmpty }

  // MARK: Events

  mutating func head(line: Int, _ writer: Writer) {
    expire(line)
    if lanes.count == Self.laneLimit { giveUp(0, nil) }
    mix(writer)
    lanes.append(Lane(writer: writer, lastLine: line, hasBeginning: true))
  }

  mutating func frame(_ frame: PythonFrame, line: Int, time: LogTime?, _ writer: Writer) {
    guard let id = table.add(frame) else { return }
    expire(line)
    let index = lane(for: id, line: line, writer)
    var lane = lanes.remove(at: index)
    mix(writer)
    if let last = lane.frames.last, table.link(last, id) == .impossible { lane.isBroken = true }
    lane.writer.name = lane.writer.name ?? writer.name
    lane.frames.append(id)
    // A frozen module has no text.
    lane.awaitsText = !frame.path.hasPrefix("<frozen")
    lane.lastLine = line
    if lane.frames.count > Self.frameLimit {
      lane.frames.removeSubrange(Self.frameLimit / 4..<Self.frameLimit / 2)
    }
    lanes.append(lane)
    if table[id].traits.refusesStart { close(lanes.count - 1, .refusal, line, time) }
  }

  /// Text that may be that of a frame's line.
  ///
  /// If several lanes wait for their text, it may belong to each: the most frequent one is right.
  ///
  /// - Parameters:
  ///   - isSure: Whether it stands where a frame's text stands: right below, and indented.
  ///   - name: The number of its writer's name, if that is known.
  mutating func text(_ text: String, line: Int, isSure: Bool, writer name: Int? = nil) {
    let open = ofWriter(name)
    let waiting = open.filter {
      lanes[$0].awaitsText && line - lanes[$0].lastLine < Self.nearness
    }
    guard let nearest = waiting.last else { return }
    let known = waiting.last { index in
      lanes[index].frames.last.map { table[$0].text == text } ?? false
    }
    // A line of another program, if there is nothing that can have torn a traceback's.
    if !isSure, known == nil, open.count == 1 { return }
    let isNext =
      isSure && nearest == open.last
      && (line - lanes[nearest].lastLine == 1 || name != nil && open.count == 1)
    for index in waiting {
      guard let id = lanes[index].frames.last else { continue }
      table.vote(text, for: id, weight: isNext && index == nearest ? 4 : 1)
    }
    if let chosen = known ?? (open.count == 1 ? nearest : nil) {
      lanes[chosen].awaitsText = false
    }
  }

  /// The lanes of a writer, or else all that may be.
  private func ofWriter(_ name: Int?) -> [Int] {
    guard let name else { return Array(lanes.indices) }
    let own = lanes.indices.filter { lanes[$0].writer.name == name }
    if !own.isEmpty { return own }
    return lanes.indices.filter { index in
      lanes[index].writer.name.map { !writers.isKnown($0) || !writers.isKnown(name) } ?? true
    }
  }

  /// A line that stands for frames which were left out.
  mutating func omission() {
    if let last = lanes.indices.last { lanes[last].isCut = true }
  }

  /// An exception's line, which ends its writer's traceback that was continued last.
  ///
  /// - Parameter writer: nil if it isn't known.
  mutating func exception(_ text: String, line: Int, time: LogTime?, _ writer: Writer?) {
    guard let index = last(of: writer),
      !lanes[index].frames.isEmpty
    else { return }
    // The message of a refusal has its own way to its frames.
    if text == "RuntimeError:" || text == "RuntimeError", !awaiting.isEmpty || mayRefuse(index) {
      return
    }
    let traits = lanes[index].frames.map { table[$0].traits }
    if NoteKind.kind(of: text, traits) == nil {
      giveUp(index, time)
    } else {
      close(index, .exception(text), line, time)
    }
  }

  private func last(of writer: Writer?) -> Int? {
    guard let writer else { return lanes.indices.last }
    let own = lanes.lastIndex { $0.writer == writer }
    return (writer.name == nil ? nil : own)
      ?? lanes.lastIndex { writers.canBeSame($0.writer, writer) }
  }

  /// The message of a refusal.
  ///
  /// - Parameters:
  ///   - isSure: Whether it counts even if no traceback belongs to it.
  ///   - name: The number of its writer's name, if that is known.
  mutating func message(line: Int, time: LogTime?, isSure: Bool, writer name: Int?) {
    expire(line)
    func canHave(_ writer: Writer) -> Bool {
      var other = writer
      other.name = name
      return writers.canBeSame(writer, other)
    }
    let claim = awaiting.firstIndex { name != nil && $0.writer.name == name }
    if let index = claim ?? awaiting.firstIndex(where: { canHave($0.writer) }) {
      chains[awaiting.remove(at: index).chain]?.withMessage += 1
      return
    }
    if let index = lanes.indices.last(where: { mayRefuse($0) && canHave(lanes[$0].writer) }) {
      let isCut = !endsAtRefusal(index)
      let count = awaiting.count
      let chain = close(index, isCut ? .cutRefusal : .refusal, line, time)
      if awaiting.count > count { awaiting.removeLast() }
      chains[chain]?.withMessage += 1
      return
    }
    guard isSure else { return }
    freeMessages += 1
    early.append(line)
  }

  /// A line between two reports of pytest's.
  mutating func endReports() {
    while let index = lanes.firstIndex(where: \.writer.isPytest) { giveUp(index, nil) }
  }

  mutating func finish() {
    while !lanes.isEmpty { giveUp(0, nil) }
  }

  // MARK: Lanes

  /// The lane that a frame continues; a new one if it can't continue any.
  private mutating func lane(for id: FrameTable.ID, line: Int, _ writer: Writer) -> Int {
    let traits = table[id].traits
    let isBeginning = traits.isCommandText || traits.servesCommandLine
    let possible = lanes.indices.filter { writers.canBeSame(lanes[$0].writer, writer) }
    if writer.name != nil {
      // Lanes of the same name come first.
      let own = possible.filter { lanes[$0].writer.name == writer.name }
      if let index = continued(own, id, line), index.score >= 0 { return index.lane }
    }
    if let best = continued(possible, id, line) {
      if best.score >= 0 || possible.count == 1 && !isBeginning { return best.lane }
    }
    if lanes.count == Self.laneLimit { giveUp(0, nil) }
    lanes.append(Lane(writer: writer, lastLine: line, hasBeginning: isBeginning))
    return lanes.count - 1
  }

  /// Which of some lanes a frame continues best, and how well.
  private mutating func continued(
    _ open: [Int], _ id: FrameTable.ID, _ line: Int
  ) -> (lane: Int, score: Double)? {
    let traits = table[id].traits
    let isBeginning = traits.isCommandText || traits.servesCommandLine
    var best: (lane: Int, score: Double)?
    for index in open.reversed() {
      var score = score(of: id, traits, in: lanes[index], isBeginning ? index : nil)
      if score == nil {
        score = index == open.last && line - lanes[index].lastLine == 1 ? 3.4 : 1
      }
      if index == open.last, let known = score, known >= 0 { score = known + 0.5 }
      if let score, score > best?.score ?? -.infinity { best = (index, score) }
    }
    return best
  }

  /// How well a frame continues a lane; nil if only the lane's head is there, and says nothing.
  ///
  /// - Parameter rank: The lane's place among all, if a traceback begins with the frame.
  private mutating func score(
    of id: FrameTable.ID, _ traits: FrameTraits, in lane: Lane, _ rank: Int?
  ) -> Double? {
    if let last = lane.frames.last {
      // The same frame again, and no text yet: another process's copy of it.
      return last == id && lane.awaitsText ? -1 : Double(table.link(last, id).rawValue)
    }
    // The head that has waited longest.
    if let rank { return 2 + 0.001 * Double(lanes.count - rank) }
    return traits.isInner ? -0.5 : nil
  }

  /// Notes that a head or a frame came between those of all lanes.
  private mutating func mix(_ writer: Writer) {
    for index in lanes.indices { lanes[index].mix(writer) }
  }

  /// Whether nothing came between that its own writer may have written.
  private func isInOnePiece(_ lane: Lane) -> Bool {
    lane.hasBeginning && !lane.hasManyOthers
      && !lane.others.contains { writers.canBeSame($0, lane.writer) }
  }

  private func endsAtRefusal(_ index: Int) -> Bool {
    lanes[index].frames.last.map { table[$0].traits.collectsPreparation } ?? false
  }

  /// Whether a lane's traceback can be that of a refusal without its last frame.
  private func mayRefuse(_ index: Int) -> Bool {
    if endsAtRefusal(index) { return true }
    guard lanes[index].isCut else { return false }
    return lanes[index].frames.contains {
      table[$0].traits.preparesMain || table[$0].traits.servesCommandLine
    }
  }

  private mutating func expire(_ line: Int) {
    while let first = lanes.indices.first(where: { line - lanes[$0].lastLine > Self.patience }) {
      giveUp(first, nil)
    }
    awaiting.removeAll { line - $0.line > Self.patience }
    early.removeAll { line - $0 > Self.patience }
  }

  private mutating func giveUp(_ index: Int, _ time: LogTime?) {
    let lane = lanes.remove(at: index)
    guard lane.frames.contains(where: { table[$0].traits.preparesMain }) else { return }
    add(Chain(frames: lane.frames, end: .open), lane.writer, isTorn: true, time)
  }

  @discardableResult
  private mutating func close(
    _ index: Int, _ end: Chain.End, _ line: Int, _ time: LogTime?
  ) -> Chain {
    let lane = lanes.remove(at: index)
    let chain = Chain(frames: lane.frames, end: end)
    let isInOnePiece = isInOnePiece(lane)
    add(chain, lane.writer, isTorn: !isInOnePiece || lane.isBroken, time)
    if isInOnePiece { chains[chain]?.inOnePiece += 1 }
    guard end == .refusal else { return chain }
    if early.isEmpty {
      if awaiting.count < 64 { awaiting.append((chain, line, lane.writer)) }
    } else {
      early.removeFirst()
      freeMessages -= 1
      chains[chain]?.withMessage += 1
    }
    return chain
  }

  private mutating func add(
    _ chain: Chain, _ writer: Writer, isTorn: Bool, _ time: LogTime?
  ) {
    if chains[chain] == nil {
      // What counts less leaves room for what counts.
      let limit =
        switch chain.end {
        case .refusal, .cutRefusal: Self.chainLimit
        case .exception, .open: Self.chainLimit / 4
        }
      guard chains.count < limit else { return }
      chains[chain] = ChainTally(rank: chains.count)
    }
    let name = writer.name.flatMap { writers.isKnown($0) ? $0 : nil }
    chains[chain]?.add(time, writer: name)
    if !isTorn { chains[chain]?.clean += 1 }
  }
}
