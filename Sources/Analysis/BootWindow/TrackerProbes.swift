/// A worker's messages to the resource tracker in its boot window. They show whether one of its
/// probes belongs to a start.
///
/// `Popen._launch` asks for the tracker's descriptor, which probes the tracker. Up to 3.13 a probe
/// precedes each registration and unregistration, too; from 3.14 on they stand alone
/// (Lib/multiprocessing/resource_tracker.py: `_send`, `ensure_running`,
/// `_ensure_running_and_write`).
struct TrackerProbes: Sendable {
  /// For each probe without a registration after it, oldest first, whether it may be a start's.
  private var unmatched: [Bool] = []
  /// Whether registrations have no probe of their own.
  private var areAlone = false

  mutating func probed(inStart: Bool) {
    // A program that makes locks in many threads at once may leave many probes behind.
    if unmatched.count < 64 { unmatched.append(inStart) }
  }

  mutating func registered() {
    if areAlone { return }
    // The registration's own probe is the last one.
    if unmatched.popLast() == nil { areAlone = true }
  }

  var showStart: Bool { unmatched.contains(true) }
}
