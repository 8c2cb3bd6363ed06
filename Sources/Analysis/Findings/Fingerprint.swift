internal import Bytes
package import TraceModel

/// A name for a fault that stays the same if only lines, pids, checkouts, hosts and Pythons differ.
///
/// `v2:` and 64 bits of a hash over the rule, the start method, and the places that tell the fault
/// from others of its rule. Another way of grouping will have another version in front, so it can't
/// reshuffle old groups unseen. Version 1 had 32 bits and all of the user's frames.
package struct Fingerprint: Hashable, Sendable, CustomStringConvertible {
  private var hash = FNV1a64()

  package init(
    _ rule: Rule, _ startMethod: StartMethod?, _ places: [FaultPlace], circumstance: String?
  ) {
    add(rule.rawValue)
    add(startMethod?.rawValue ?? "")
    for place in places {
      add(place.path)
      add(place.function)
      add(place.text ?? "")
    }
    if let circumstance { add(circumstance) }
  }

  /// The fingerprint of a fault of a run that began in `directory`.
  package init(
    _ rule: Rule, _ startMethod: StartMethod?, _ identity: FaultIdentity, in directory: String
  ) {
    self.init(
      rule, startMethod, identity.places.map { FaultPlace($0, in: directory) },
      circumstance: identity.circumstance)
  }

  /// Adds a text and a separator that no text has.
  private mutating func add(_ text: String) {
    hash.add(text.utf8)
    hash.add(0xff)
  }

  package var description: String {
    "v2:" + hash.value.zeroPadded(to: 16, radix: 16)
  }
}
