internal import Analysis
internal import JSON
internal import TraceModel

/// The result of `triage` as JSON, which is also an input of it.
package enum TriageDocument {
  package static let schema = "spawntrace-triage"
  package static let version = 1

  /// Writes the causes, and all that joining them with other inputs needs.
  package static func render(_ pile: Pile, _ causes: [Cause]) -> String {
    var writer = JSONWriter(.report)
    writer.object { writer in
      writer.member("schema", schema)
      writer.member("schemaVersion", version)
      writer.key("causes")
      writer.array { writer in
        for cause in causes { writer.cause(cause) }
      }
      writer.key("unplaced")
      writer.accounts(pile.unplaced)
      writer.inputs(of: pile)
      writer.key("troubles")
      writer.array { writer in
        for (kind, names) in pile.troubles.sorted(by: { $0.key.precedes($1.key) }) {
          writer.object { writer in
            writer.member("kind", kind)
            writer.member("inputs", names.inOrder)
          }
        }
      }
    }
    return writer.text + "\n"
  }
}

extension Set<String> {
  var inOrder: [String] { sorted { $0.precedes($1) } }
}

extension JSONWriter {
  fileprivate mutating func cause(_ cause: Cause) {
    object { writer in
      writer.member("rule", cause.rule.rawValue)
      writer.member("kind", cause.rule.kind)
      writer.member("severity", cause.severity.rawValue)
      writer.member("certainty", cause.certainty.rawValue)
      writer.member("fingerprint", cause.fingerprint)
      writer.member("title", cause.title)
      writer.spot("culprit", cause.culprit)
      writer.spot("callSite", cause.callSite)
      writer.member("startMethod", orNull: cause.startMethod?.rawValue)
      writer.member("blame", cause.blame.rawValue)
      writer.member("runs", cause.inputs.count)
      writer.member("inputs", cause.inputs)
      writer.member("examples", cause.examples)
      writer.member("firstSeen", orNull: cause.firstSeen?.text)
      writer.member("lastSeen", orNull: cause.lastSeen?.text)
      writer.member("owners", cause.owners)
      writer.member("passedRuns", cause.passedRuns)
      if let known = cause.known {
        writer.key("known")
        writer.object(.oneLine) { writer in
          writer.member("ticket", known.ticket)
          writer.member("note", known.note)
        }
      }
      writer.key("accounts")
      writer.accounts(cause.accounts)
    }
  }

  fileprivate mutating func accounts(_ accounts: [Account: Set<Sighting>]) {
    array { writer in
      let items = accounts.map { ($0, $1.inOrder) }
      for (item, sightings) in items.sorted(by: { $0.1.precede($1.1, $0.0, $1.0) }) {
        writer.account(item, sightings)
      }
    }
  }

  private mutating func account(_ item: Account, _ sightings: [Sighting]) {
    object { writer in
      writer.member("origin", item.origin.rawValue)
      writer.member("rule", item.rule.rawValue)
      writer.member("severity", item.severity.rawValue)
      writer.member("certainty", item.certainty.rawValue)
      writer.member("title", item.title)
      writer.member("startMethod", orNull: item.startMethod?.rawValue)
      writer.spots("places", item.places)
      writer.member("circumstance", orNull: item.circumstance)
      writer.spots("frames", item.frames)
      writer.spot("script", item.script)
      writer.spot("culprit", item.culprit)
      writer.spot("callSite", item.callSite)
      writer.member("fingerprint", orNull: item.fingerprint)
      writer.key("sightings")
      writer.array { writer in
        for sighting in sightings {
          writer.object(.oneLine) { writer in
            writer.member("input", sighting.input)
            writer.member("root", orNull: sighting.root?.path)
            writer.member("rootKind", ifPresent: sighting.root?.kind.rawValue)
            writer.member("first", orNull: sighting.first?.text)
            writer.member("last", orNull: sighting.last?.text)
          }
        }
      }
    }
  }

  private mutating func spots(_ name: StaticString, _ spots: [Spot]) {
    key(name)
    array { writer in
      for spot in spots { writer.spot(spot) }
    }
  }

  private mutating func spot(_ name: StaticString, _ spot: Spot?) {
    key(name)
    if let spot { self.spot(spot) } else { null() }
  }

  private mutating func spot(_ spot: Spot) {
    object(.oneLine) { writer in
      writer.member("path", spot.place.path)
      writer.member("line", orNull: spot.line)
      writer.member("function", spot.place.function)
      writer.member("source", orNull: spot.place.text)
      writer.member("statement", ifPresent: spot.statement)
    }
  }

  fileprivate mutating func inputs(of pile: Pile) {
    key("inputs")
    object { writer in
      writer.member("read", pile.read)
      writer.member("healthy", pile.healthy.count)
      writer.key("unreadable")
      writer.array { writer in
        for (path, why) in pile.unreadable.sorted(by: { $0.key.precedes($1.key) }) {
          writer.object(.oneLine) { writer in
            writer.member("path", path)
            writer.member("why", why)
          }
        }
      }
      writer.member("healthyInputs", pile.healthy.inOrder)
      writer.member("silentInputs", pile.silent.inOrder)
      writer.member("placelessInputs", pile.placeless.inOrder)
      writer.member("passedInputs", pile.passed.inOrder)
    }
  }
}

extension Set<Sighting> {
  fileprivate var inOrder: [Sighting] {
    sorted { one, other in
      if one.input != other.input { return one.input.precedes(other.input) }
      let (a, b) = (one.root?.path ?? "", other.root?.path ?? "")
      if a != b { return a.precedes(b) }
      let (first, second) = (one.first?.text ?? "", other.first?.text ?? "")
      return first != second
        ? first.precedes(second) : (one.last?.text ?? "").precedes(other.last?.text ?? "")
    }
  }
}

extension [Sighting] {
  fileprivate func precede(_ other: [Sighting], _ item: Account, _ otherItem: Account) -> Bool {
    let (a, b) = (first?.input ?? "", other.first?.input ?? "")
    return a != b ? a.precedes(b) : item.precedes(otherItem)
  }
}
