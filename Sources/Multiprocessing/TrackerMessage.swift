/// A message to the resource tracker (Lib/multiprocessing/resource_tracker.py, 3.6 and 3.15:
/// `_send`, `_make_probe_message`; semaphore_tracker.py before 3.8).
package enum TrackerMessage: Hashable, Sendable {
  /// Asks whether the tracker lives, for a start or in front of a registration.
  case probe
  /// Registers or unregisters a resource, such as a lock.
  case registration

  /// nil if the written bytes aren't such a message.
  package init?(_ bytes: some Collection<UInt8>) {
    if bytes.starts(with: "PROBE:".utf8) || bytes.starts(with: #"{"cmd":"PROBE""#.utf8) {
      self = .probe
    } else if bytes.starts(with: "REGISTER:".utf8) || bytes.starts(with: "UNREGISTER:".utf8)
      || bytes.starts(with: #"{"cmd":""#.utf8)
    {
      self = .registration
    } else {
      return nil
    }
  }

  /// Whether a message has the length of a probe: no need to read the others.
  package static func isProbe(length: Int) -> Bool {
    length == "PROBE:0:noop\n".utf8.count
      || length == #"{"cmd":"PROBE","rtype":"noop"}"#.utf8.count + 1
  }

  /// The lengths of messages in bytes, in their two forms: a filter picks writes by these lengths.
  /// The names are as long as SemLock and SharedMemory make them.
  package static let lengths: [UInt32] = {
    var lengths: Set<Int> = ["PROBE:0:noop\n".utf8.count]
    lengths.insert(#"{"cmd":"PROBE","rtype":"noop"}"#.utf8.count + 1)
    for command in ["REGISTER", "UNREGISTER"] {
      // The first versions knew no types.
      lengths.insert("\(command):/mp-01234567\n".utf8.count)
      for (name, type) in [("/mp-01234567", "semaphore"), ("/psm_01234567", "shared_memory")] {
        lengths.insert("\(command):\(name):\(type)\n".utf8.count)
        let encoded = String(repeating: "a", count: (name.utf8.count + 2) / 3 * 4)
        lengths.insert(
          #"{"cmd":"\#(command)","rtype":"\#(type)","base64_name":"\#(encoded)"}"#.utf8.count + 1)
      }
    }
    return lengths.map(UInt32.init).sorted()
  }()
}
