internal import Analysis
package import JSON
internal import TraceModel

extension Pile {
  /// Adds what an output of `triage` says. Returns false if the value is none, or a version of it
  /// that isn't known.
  package mutating func add(_ document: JSONValue) -> Bool {
    guard document.member("schema")?.text == TriageDocument.schema,
      document.member("schemaVersion")?.integer(Int.self) == TriageDocument.version
    else { return false }
    document.member("causes")?.forEachElement { cause in
      cause.member("accounts")?.forEachElement { add(account: $0) }
    }
    document.member("unplaced")?.forEachElement { add(account: $0) }
    if let inputs = document.member("inputs") {
      inputs.member("unreadable")?.forEachElement { item in
        if let path = item.member("path")?.text {
          addUnreadable(path, why: item.member("why")?.text ?? "")
        }
      }
      inputs.member("healthyInputs")?.texts?.forEach { addHealthy($0) }
      inputs.member("silentInputs")?.texts?.forEach { addSilent($0) }
      inputs.member("placelessInputs")?.texts?.forEach { addPlaceless($0) }
      inputs.member("passedInputs")?.texts?.forEach { addPassed($0) }
    }
    document.member("troubles")?.forEachElement { trouble in
      guard let kind = trouble.member("kind")?.text else { return }
      trouble.member("inputs")?.texts?.forEach { addTrouble(kind, $0) }
    }
    return true
  }

  private mutating func add(account value: JSONValue) {
    guard let origin = value.member("origin")?.text.flatMap(Account.Origin.init(rawValue:)),
      let rule = value.member("rule")?.text.flatMap(Rule.init(rawValue:)),
      let severity = value.member("severity")?.text.flatMap(Severity.init(rawValue:)),
      let certainty = value.member("certainty")?.text.flatMap(Certainty.init(rawValue:)),
      let title = value.member("title")?.text
    else { return }
    let item = Account(
      origin, rule, severity, certainty, title: title,
      startMethod: value.member("startMethod")?.text.flatMap(StartMethod.init(rawValue:)),
      places: value.member("places")?.spots ?? [],
      circumstance: value.member("circumstance")?.text,
      frames: value.member("frames")?.spots ?? [], script: value.member("script")?.spot,
      culprit: value.member("culprit")?.spot,
      callSite: value.member("callSite")?.spot, fingerprint: value.member("fingerprint")?.text)
    value.member("sightings")?.forEachElement { sighting in
      guard let input = sighting.member("input")?.text else { return }
      add(
        item,
        Sighting(
          input: input,
          root: sighting.member("root")?.text.map {
            Root(
              $0,
              sighting.member("rootKind")?.text.flatMap(Root.Kind.init(rawValue:)) ?? .directory)
          },
          first: sighting.member("first")?.text.flatMap { Moment($0) },
          last: sighting.member("last")?.text.flatMap { Moment($0) }))
    }
  }
}

extension JSONValue {
  fileprivate func forEachElement(_ body: (JSONValue) -> Void) {
    _ = map { body($0) }
  }

  fileprivate var spots: [Spot]? {
    map(\.spot)
  }

  fileprivate var spot: Spot? {
    guard let path = member("path")?.text, let function = member("function")?.text else {
      return nil
    }
    var spot = Spot(
      path: path, line: member("line")?.integer(), function: function,
      text: member("source")?.text, root: nil)
    spot.statement = member("statement")?.text
    return spot
  }
}
