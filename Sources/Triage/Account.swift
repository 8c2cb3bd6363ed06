package import Analysis
package import TraceModel

/// What one input says of one fault. Inputs that say exactly the same share it.
package struct Account: Hashable, Sendable {
  /// What says it.
  package enum Origin: String, Hashable, Sendable {
    /// A recording, a report or a log of strace: processes were seen.
    case run
    /// The text that a job has printed.
    case log
  }

  package var origin: Origin
  package var rule: Rule
  package var severity: Severity
  package var certainty: Certainty
  /// The fault in one sentence, without a full stop.
  package var title: String
  package var startMethod: StartMethod?
  /// The places that tell the fault from others of its rule; empty if none of them is known.
  package var places: [Spot]
  /// What tells it from others at the same places.
  package var circumstance: String?
  /// The user's frames of its stack, innermost first.
  package var frames: [Spot]
  /// The script that is run; nil if it isn't known.
  package var script: Spot?
  package var culprit: Spot?
  package var callSite: Spot?
  /// The name that the input gives to the fault; nil if it gives none.
  package var fingerprint: String?

  package init(
    _ origin: Origin, _ rule: Rule, _ severity: Severity, _ certainty: Certainty, title: String,
    startMethod: StartMethod? = nil, places: [Spot] = [], circumstance: String? = nil,
    frames: [Spot] = [], script: Spot? = nil, culprit: Spot? = nil, callSite: Spot? = nil,
    fingerprint: String? = nil
  ) {
    self.origin = origin
    self.rule = rule
    self.severity = severity
    self.certainty = certainty
    self.title = title
    self.startMethod = startMethod
    self.places = places
    self.circumstance = circumstance
    self.frames = frames
    self.script = script
    self.culprit = culprit
    self.callSite = callSite
    self.fingerprint = fingerprint
  }

  /// All places that it names.
  var spots: [Spot] {
    places + frames + [script, culprit, callSite].compactMap(\.self)
  }

  /// Whether it says anything that tells one fault from another of its rule.
  var hasPlace: Bool { origin == .run || !spots.isEmpty || fingerprint != nil }

  /// The same with other places.
  func mapped(_ body: (Spot) -> Spot) -> Account {
    var account = self
    account.places = places.map(body)
    account.frames = frames.map(body)
    account.script = script.map(body)
    account.culprit = culprit.map(body)
    account.callSite = callSite.map(body)
    return account
  }
}
