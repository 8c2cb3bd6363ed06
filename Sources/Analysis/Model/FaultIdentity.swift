internal import Multiprocessing
internal import TraceModel

/// What is the same for one fault in every run that shows it. Its fingerprint is made of this.
package struct FaultIdentity: Hashable, Sendable {
  /// The places that tell the fault from others of its rule, paths absolute. For a cycle it is the
  /// statement to guard alone: whatever is called from there, guarding it mends it.
  package var places: [SourceLocation]
  /// What tells it from others at the same places, such as `ValueError at boot`.
  package var circumstance: String?

  package init(places: [SourceLocation] = [], circumstance: String? = nil) {
    self.places = places
    self.circumstance = circumstance
  }

  /// The user's frames of a stack.
  static func frames(_ frames: [PythonFrame], circumstance: String? = nil) -> FaultIdentity {
    FaultIdentity(places: frames.users.map { SourceLocation($0) }, circumstance: circumstance)
  }

  /// The places that are known.
  static func places(_ places: SourceLocation?..., circumstance: String? = nil) -> FaultIdentity {
    FaultIdentity(places: places.compactMap(\.self), circumstance: circumstance)
  }
}
