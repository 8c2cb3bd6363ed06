/// What a worker says to the resource tracker while it is prepared: whether one of its probes is a
/// start's.
///
/// `Popen._launch` asks for the tracker's descriptor, for which it is probed. Up to 3.13 each registration
/// and unregistration is preceded by a probe, too; from 3.14 on they stand alone
/// (Lib/multiprocessing/resource_tracker.py: `_send`, `ensure_running`, `_ensure_running_and_write`).
struct TrackerProbes: Sendable {
  /// The probes that no registration has followed, oldest first: whether each may be a start's.
  private var unmatched: [Bool] = []
  /// Whether registrations have no probe of their own.
  private var areAlone = false

  mutating func probed(inStart: Bool) {
    // A program that locks from many threads at once may leave many behind.
    if unmatched.count < 64 { unmatched.append(inStart) }
  }

  mutating func registered() {
    if areAlone { return }
    // Its own is the last one.
    if unmatched.popLast() == nil { areAlone = true }
  }

  var showStart: Bool { unmatched.contains(true) }
}
