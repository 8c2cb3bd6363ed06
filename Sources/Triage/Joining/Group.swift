internal import Analysis

/// The observations of one fault.
struct Group {
  private(set) var members: [Observation]

  init(_ members: [Observation]) {
    self.members = members
  }

  mutating func add(_ other: Group) {
    members += other.members
  }

  /// The member that knows most; of several the strongest.
  var leader: Observation {
    members.max { one, other in
      let (a, b) = (one.knowledge, other.knowledge)
      if a != b { return a < b }
      if one.strength != other.strength { return one.strength < other.strength }
      return other.account.precedes(one.account)
    } ?? members[0]
  }

  /// What its first member knows of a statement of several lines.
  var statement: FaultKey? { members.lazy.compactMap(\.statement).first }

  /// Whether only texts show it.
  var isFromLogs: Bool {
    members.allSatisfy { $0.account.origin == .log }
  }

  /// Whether another group, which knows less, can be of this fault.
  func explains(_ other: Group) -> Bool {
    other.members.allSatisfy { part in
      members.contains { $0.explains(part) }
    }
  }

  /// Whether another group's stacks are parts of this fault's.
  func containsStacks(of other: Group) -> Bool {
    other.members.allSatisfy { part in
      members.contains { $0.account.frames.contains(part.account.frames) }
    }
  }

  /// Whether another group, of texts alone, is this fault with a damaged text.
  func isWholeForm(of other: Group) -> Bool {
    other.isFromLogs
      && other.members.allSatisfy { torn in members.contains { $0.isWholeForm(of: torn) } }
  }
}

extension Observation {
  /// How much its word counts: proven before likely before guessed, seen before written.
  var strength: Int {
    let certainty =
      switch account.certainty {
      case .proven: 4
      case .likely: 2
      case .guess: 0
      }
    return certainty + (account.origin == .run ? 1 : 0)
  }

  /// Whether nothing that the other one knows speaks against this fault, and something for it.
  fileprivate func explains(_ other: Observation) -> Bool {
    let (mine, its) = (account, other.account)
    guard mine.rule == its.rule else { return false }
    if let name = its.fingerprint, name == mine.fingerprint || name == key.fingerprint {
      return true
    }
    guard its.startMethod == nil || its.startMethod == mine.startMethod,
      its.circumstance == nil || its.circumstance == mine.circumstance
    else { return false }
    let isLoose = other.root == nil
    if !its.places.isEmpty {
      let isPart =
        its.places.count <= mine.places.count
        && zip(its.places, mine.places).allSatisfy { spot, known in
          // A report in a log has no text: its line tells it from others.
          spot.place.agrees(with: known.place, isLoose)
            && (!other.isOwnReport || spot.line == known.line)
        }
      // Somewhere in the script: all that a log of strace may know.
      let isInScript =
        its.places.count == 1
        && its.places[0].isSomewhere
        && mine.script.map {
          its.places[0].place.agrees(with: $0.place, isLoose)
        } ?? false
      guard isPart || isInScript else { return false }
    }
    return !its.places.isEmpty || !its.frames.isEmpty && mine.frames.contains(its.frames)
  }

  /// Whether both name the same line, and the other one's text is a torn form of this one's.
  fileprivate func isWholeForm(of other: Observation) -> Bool {
    let (mine, its) = (account, other.account)
    guard mine.rule == its.rule, mine.startMethod == its.startMethod,
      mine.places.count == its.places.count, !mine.places.isEmpty
    else { return false }
    return zip(mine.places, its.places).allSatisfy { whole, torn in
      whole.place.path == torn.place.path && whole.place.function == torn.place.function
        && whole.line != nil && whole.line == torn.line
        && Self.isTorn(torn.place.text ?? "", of: whole.place.text ?? "")
    }
  }

  /// Whether at least two thirds of a text are left, at its beginning and its end.
  private static func isTorn(_ torn: String, of whole: String) -> Bool {
    let (torn, whole) = (Array(torn.utf8), Array(whole.utf8))
    let front = zip(torn, whole).prefix { $0 == $1 }.count
    let back = zip(torn.dropFirst(front).reversed(), whole.dropFirst(front).reversed())
      .prefix { $0 == $1 }.count
    return !whole.isEmpty && (front + back) * 3 >= whole.count * 2
  }
}

extension Spot {
  /// Whether it names a file alone.
  fileprivate var isSomewhere: Bool { line == nil && place.text == nil }
}

extension FaultPlace {
  /// Whether this place, which may know less, can be another one.
  ///
  /// - Parameter isLoose: Whether the folder isn't known that the path is relative to.
  fileprivate func agrees(with known: FaultPlace, _ isLoose: Bool = false) -> Bool {
    (path == known.path || isLoose && PortablePath.hasTail(known.path, path))
      && function == known.function && (text == nil || text == known.text)
  }
}

extension [Spot] {
  /// Whether another stack is a part of this one, without a gap.
  fileprivate func contains(_ part: [Spot]) -> Bool {
    guard part.count <= count else { return false }
    return (0...(count - part.count)).contains { start in
      zip(part, self[start...]).allSatisfy { $0.place.agrees(with: $1.place) }
    }
  }
}
