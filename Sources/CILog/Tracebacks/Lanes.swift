internal import TraceModel

/// Takes tracebacks apart that several processes wrote at once.
///
/// A lane is one process's traceback, as far as it has come. A frame continues a lane if that
/// one's last frame can have called it, by its text or by what multiprocessing calls. If nothing
/// speaks for a lane, it continues the one that was continued last. So whole lines may come in any mixture. With one process
/// there is one lane, and this is reading from top to bottom.
struct Lanes: Sendable {
  private struct Lane {
    var frames: [FrameTable.ID] = []
    /// Whether the last frame's text has not come.
    var awaitsText = false
    var lastLine: Int
    /// The number of the event that began it.
    var first: Int
    /// Whether it is known to begin where its traceback does.
    var hasBeginning = false
    /// Whether a frame of it can't have called the next.
    var isBroken = false
    /// Whether a part was left out by hand: `...`.
    var isCut = false
  }

  private(set) var table = FrameTable()
  private(set) var chains: [Chain: ChainTally] = [:]
  /// Messages of a refusal that no chain has claimed.
  private(set) var freeMessages = 0
  /// Heads and frames so far.
  private var events = 0
  /// The last touched lane is the last one.
  private var lanes: [Lane] = []
  /// Chains that end in a refusal and still lack its message.
  private var awaiting: [(chain: Chain, line: Int)] = []
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

  mutating func head(line: Int) {
    expire(line)
    events += 1
    if lanes.count == Self.laneLimit { giveUp(0, nil) }
    lanes.append(Lane(lastLine: line, first: events + 1, hasBeginning: true))
  }

  mutating func frame(_ frame: PythonFrame, line: Int, time: LogTime?) {
    guard let id = table.add(frame) else { return }
    expire(line)
    events += 1
    let index = lane(for: id, line: line)
    var lane = lanes.remove(at: index)
    if let last = lane.frames.last, table.link(last, id) == .impossible { lane.isBroken = true }
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
  /// - Parameter isSure: Whether it stands where a frame's text stands: right below, and indented.
  mutating func text(_ text: String, line: Int, isSure: Bool) {
    let waiting = lanes.indices.filter {
      lanes[$0].awaitsText && line - lanes[$0].lastLine < Self.nearness
    }
    guard let nearest = waiting.last else { return }
    let known = waiting.last { index in
      lanes[index].frames.last.map { table[$0].text == text } ?? false
    }
    // A line of another program, if there is nothing that can have torn a traceback's.
    if !isSure, known == nil, lanes.count == 1 { return }
    let isNext = isSure && nearest == lanes.count - 1 && line - lanes[nearest].lastLine == 1
    for index in waiting {
      guard let id = lanes[index].frames.last else { continue }
      table.vote(text, for: id, weight: isNext && index == nearest ? 4 : 1)
    }
    if let chosen = known ?? (lanes.count == 1 ? nearest : nil) {
      lanes[chosen].awaitsText = false
    }
  }

  /// A line that stands for frames which were left out.
  mutating func omission() {
    if let last = lanes.indices.last { lanes[last].isCut = true }
  }

  /// An exception's line, which ends the traceback that was continued last.
  mutating func exception(_ text: String, line: Int, time: LogTime?) {
    guard let index = lanes.indices.last, !lanes[index].frames.isEmpty else { return }
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

  /// The message of a refusal.
  ///
  /// - Parameter isSure: Whether it counts even if no traceback belongs to it.
  mutating func message(line: Int, time: LogTime?, isSure: Bool) {
    expire(line)
    if !awaiting.isEmpty {
      chains[awaiting.removeFirst().chain]?.withMessage += 1
      return
    }
    if let index = lanes.indices.last(where: { mayRefuse($0) }) {
      let isCut = !endsAtRefusal(index)
      let chain = close(index, isCut ? .cutRefusal : .refusal, line, time)
      if !awaiting.isEmpty { awaiting.removeLast() }
      chains[chain]?.withMessage += 1
      return
    }
    guard isSure else { return }
    freeMessages += 1
    early.append(line)
  }

  mutating func finish() {
    while !lanes.isEmpty { giveUp(0, nil) }
  }

  // MARK: Lanes

  /// The lane that a frame continues; a new one if it can't continue any.
  private mutating func lane(for id: FrameTable.ID, line: Int) -> Int {
    let traits = table[id].traits
    let isBeginning = traits.isCommandText || traits.servesCommandLine
    var best: (index: Int, score: Double)?
    for index in lanes.indices.reversed() {
      let isLast = index == lanes.count - 1
      var score: Double
      if let last = lanes[index].frames.last {
        // The same frame again, and no text yet: another process's copy of it.
        let isCopy = last == id && lanes[index].awaitsText
        score = isCopy ? -1 : Double(table.link(last, id).rawValue)
      } else if isBeginning {
        // The head that has waited longest.
        score = 2 + 0.001 * Double(lanes.count - index)
      } else if traits.isInner {
        score = -0.5
      } else {
        score = isLast && line - lanes[index].lastLine == 1 ? 3.4 : 1
      }
      if isLast, score >= 0 { score += 0.5 }
      if score > best?.score ?? -.infinity { best = (index, score) }
    }
    let isAlone = lanes.count == 1
    if let best, best.score >= 0 || isAlone && !isBeginning { return best.index }
    if lanes.count == Self.laneLimit { giveUp(0, nil) }
    lanes.append(Lane(lastLine: line, first: events, hasBeginning: isBeginning))
    return lanes.count - 1
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
    add(Chain(frames: lane.frames, end: .open), isTorn: true, time)
  }

  @discardableResult
  private mutating func close(
    _ index: Int, _ end: Chain.End, _ line: Int, _ time: LogTime?
  ) -> Chain {
    let lane = lanes.remove(at: index)
    let chain = Chain(frames: lane.frames, end: end)
    // In one piece: each event since its beginning was its own.
    let isInOnePiece = lane.hasBeginning && events - lane.first + 1 == lane.frames.count
    add(chain, isTorn: !isInOnePiece || lane.isBroken, time)
    if isInOnePiece { chains[chain]?.inOnePiece += 1 }
    guard end == .refusal else { return chain }
    if early.isEmpty {
      if awaiting.count < 64 { awaiting.append((chain, line)) }
    } else {
      early.removeFirst()
      freeMessages -= 1
      chains[chain]?.withMessage += 1
    }
    return chain
  }

  private mutating func add(_ chain: Chain, isTorn: Bool, _ time: LogTime?) {
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
    chains[chain]?.add(time)
    if !isTorn { chains[chain]?.clean += 1 }
  }
}
