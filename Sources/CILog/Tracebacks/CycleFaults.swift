internal import Multiprocessing
internal import TraceModel

/// Turns the chains of a log into faults of ST101: one for each place, the damaged ones with the
/// whole one that they are copies of.
struct CycleFaults: Sendable {
  private struct Group {
    var chain: Chain
    var places: ChainPlaces
    var tally: ChainTally
    var strength: FrameLink
    /// How often the chain that stands for all was read.
    var count: Int
    var isWhole = false
  }

  /// How many faults of one log are kept.
  private static let limit = 64

  private struct Key: Hashable {
    var users: [FrameTable.ID]
    var culprit: FrameTable.ID?
    var method: StartMethod?
  }

  private(set) var faults: [LogFault] = []
  /// Tracebacks that name a refusal and aren't one's: no process was asked for in them.
  private(set) var quotations = 0
  /// Messages with frames of the library alone, and too few to show a start.
  private(set) var placeless = 0
  private var table: FrameTable

  init(_ chains: [Chain: ChainTally], _ table: FrameTable, messages: Int) {
    self.table = table
    var groups: [Key: Group] = [:]
    var open: [Key: Group] = [:]
    for (chain, tally) in chains.sorted(by: { $0.value.rank < $1.value.rank }) {
      let places = ChainPlaces(chain.frames, in: &self.table)
      let key = Key(users: places.users, culprit: places.culprit, method: places.startMethod)
      switch chain.end {
      case .refusal:
        if !places.asks, places.callSite == nil, tally.inOnePiece == 0 {
          placeless += tally.withMessage
          continue
        }
        if !places.asks, tally.inOnePiece > 0 {
          quotations += tally.count
          continue
        }
        Self.add(chain, places, tally, to: &groups[key])
      case .cutRefusal where places.culprit != nil: Self.add(chain, places, tally, to: &groups[key])
      case .open where places.culprit != nil: Self.add(chain, places, tally, to: &open[key])
      default: break
      }
    }
    var kept = Self.withoutDamage(Array(groups.values))
    // Workers torn so badly that no traceback came to its end: the most frequent place.
    let isPlaced = kept.contains { $0.places.culprit != nil }
    if !isPlaced, !kept.isEmpty || messages + placeless > 0,
      kept.allSatisfy({ $0.tally.clean == 0 }),
      let best = open.values.max(by: Self.isWeaker)
    {
      let count = kept.reduce(0) { $0 + $1.tally.count }
      kept = [best]
      kept[0].tally.count = max(count, best.tally.count)
    }
    faults = kept.sorted { ($1.tally.count, $0.tally.rank) < ($0.tally.count, $1.tally.rank) }
      .prefix(Self.limit).map { fault($0) }
  }

  private static func add(
    _ chain: Chain, _ places: ChainPlaces, _ tally: ChainTally, to group: inout Group?
  ) {
    let isWhole =
      places.isOfWorker && places.asks && tally.withMessage > 0
      && (places.strength > .unknown || tally.clean > 0)
    guard var sum = group else {
      group = Group(
        chain: chain, places: places, tally: tally, strength: places.strength,
        count: tally.count, isWhole: isWhole)
      return
    }
    // The chain that most were read as stands for all.
    let isBetter =
      (isWhole ? 1 : 0, places.strength.rawValue, tally.count)
      > (sum.isWhole ? 1 : 0, sum.strength.rawValue, sum.count)
    if isBetter {
      sum.count = tally.count
      sum.chain = chain
      sum.places = places
    }
    sum.tally.count += tally.count
    sum.tally.clean += tally.clean
    sum.tally.withMessage += tally.withMessage
    sum.tally.first = [sum.tally.first, tally.first].compactMap(\.self).min()
    sum.tally.last = [sum.tally.last, tally.last].compactMap(\.self).max()
    sum.tally.writers.formUnion(tally.writers)
    sum.strength = max(sum.strength, places.strength)
    sum.isWhole = sum.isWhole || isWhole
    group = sum
  }

  private static func isWeaker(_ one: Group, _ other: Group) -> Bool {
    func rank(_ group: Group) -> (Int, Int, Int, Int) {
      (
        group.strength > .unknown ? 1 : 0, group.tally.count, group.strength.rawValue,
        -group.tally.rank
      )
    }
    return rank(one) < rank(other)
  }

  /// Leaves out what comes of torn lines: a place that was read only among other tracebacks' lines,
  /// and that is rare or doesn't hold together; and a part of what was read more often.
  private static func withoutDamage(_ groups: [Group]) -> [Group] {
    var rest = groups
    var kept: [Group] = []
    while !rest.isEmpty {
      let placed = rest.filter { $0.places.culprit != nil }
      guard let best = (placed.isEmpty ? rest : placed).max(by: isWeaker) else { break }
      var sum = best
      var others: [Group] = []
      for group in rest where group.chain != best.chain {
        let canBeTorn = group.tally.canShareWriter(with: best.tally)
        if canBeTorn ? isDamaged(group, best) : isSame(group, best) {
          sum.tally.count += group.tally.count
          sum.tally.clean += group.tally.clean
        } else if canBeTorn {
          kept.append(group)
        } else {
          others.append(group)
        }
      }
      kept.append(sum)
      rest = others
    }
    return kept
  }

  /// Whether both show the same place.
  private static func isSame(_ group: Group, _ best: Group) -> Bool {
    let (own, other) = (group.places, best.places)
    return own.culprit == other.culprit && own.callSite == other.callSite
      && (own.startMethod == other.startMethod || own.startMethod == nil
        || other.startMethod == nil)
  }

  private static func isDamaged(_ group: Group, _ best: Group) -> Bool {
    let (own, other) = (group.places, best.places)
    if own.culprit == other.culprit, own.callSite == other.callSite {
      return own.startMethod == other.startMethod || own.startMethod == nil
        || other.startMethod == nil
    }
    // A worker's run of main has a frame of main.
    if own.culprit == nil, own.beginsAsWorker, other.culprit != nil { return true }
    // Without a frame of the user's code it says nothing more.
    if own.callSite == nil, other.callSite != nil { return true }
    let isRare = group.tally.count * 4 <= best.tally.count
    // Where frames are left out, no text names what follows.
    if isRare || group.strength < best.strength && group.tally.count < best.tally.count,
      isPart(own.users, of: other.users)
    {
      return true
    }
    guard group.tally.clean == 0 else { return false }
    if own.culprit == other.culprit { return true }
    let isBroken = group.strength < best.strength
    return isBroken || group.tally.count * 4 <= best.tally.count || own.culprit == nil
      || !own.asks && other.asks
  }

  /// Whether the frames stand in others' order among them.
  private static func isPart(_ frames: [FrameTable.ID], of whole: [FrameTable.ID]) -> Bool {
    var rest = whole[...]
    for frame in frames {
      guard let index = rest.firstIndex(of: frame) else { return false }
      rest = rest[(index + 1)...]
    }
    return true
  }

  private func fault(_ group: Group) -> LogFault {
    var fault = LogFault(
      .reexecCycle,
      message: "RuntimeError: An attempt has been made to start a new process before the current "
        + "process has finished its bootstrapping phase.")
    let places = group.places
    let texts = ChainTexts(group.chain.frames, in: table)
    func frame(_ id: FrameTable.ID) -> PythonFrame { texts.frame(id, in: table) }
    fault.frames = group.chain.frames.reversed().map(frame)
    fault.culprit = places.culprit.map(frame)
    fault.callSite = places.callSite.map(frame)
    fault.script = places.script.map { table[$0].frame.path }
    fault.startMethod = places.startMethod
    fault.python = table.python(of: group.chain.frames)
    fault.isWhole = group.isWhole
    fault.count = group.tally.count
    fault.firstSeen = group.tally.first
    fault.lastSeen = group.tally.last
    return fault
  }
}

extension FrameTable {
  /// The version of Python that most is known of, by the frames' paths.
  func python(of frames: [ID]) -> PythonVersion? {
    let found = frames.filter { self[$0].traits.origin != .user }.compactMap {
      self[$0].traits.python
    }
    return found.first { $0.micro != nil } ?? found.first
  }
}
