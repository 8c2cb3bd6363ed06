internal import Glibc
internal import LinuxProcess
internal import SystemPackage

/// The descriptors that the loop waits for: stops, the front, opened starter files, and the
/// listeners of notifications.
struct PolledDescriptors {
  /// The descriptors that have something to read.
  struct Ready {
    var stops = false
    var front = false
    var starterFiles = false
    var notifications = false
  }

  /// In this order, and behind them the listeners in theirs. -1 is never ready.
  private enum Position {
    static let stops = 0
    static let front = 1
    static let starterFiles = 2
    static let listeners = 3
  }

  private var entries: [pollfd]
  /// Listeners of filters that some process may still be running under.
  private var listeners: [NotificationListener] = []

  init(stops: Int32, front: Int32, starterFiles: Int32) {
    entries = [stops, front, starterFiles].map(Self.entry)
  }

  private static func entry(_ descriptor: Int32) -> pollfd {
    pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
  }

  mutating func add(_ listener: NotificationListener) {
    listeners.append(listener)
    entries.append(Self.entry(listener.rawDescriptor))
  }

  /// Ignores the front and the starter files from now on.
  mutating func dropAllButStops() {
    entries[Position.front] = Self.entry(-1)
    entries[Position.starterFiles] = Self.entry(-1)
  }

  /// Waits until one of them is ready, or for `timeout` milliseconds; -1 means for ever.
  ///
  /// The corresponding C call is `poll`.
  mutating func wait(_ timeout: Int32) throws(SystemCallError) -> Ready {
    var count = poll(&entries, nfds_t(entries.count), timeout)
    if count < 0 {
      let error = Errno(rawValue: errno)
      for index in entries.indices { entries[index].revents = 0 }
      if error == .interrupted { return Ready() }
      throw SystemCallError("poll", error)
    }
    let ready = Ready(
      stops: entries[Position.stops].revents != 0, front: entries[Position.front].revents != 0,
      starterFiles: entries[Position.starterFiles].revents != 0)
    count -= (ready.stops ? 1 : 0) + (ready.front ? 1 : 0) + (ready.starterFiles ? 1 : 0)
    return Ready(
      stops: ready.stops, front: ready.front, starterFiles: ready.starterFiles,
      notifications: count > 0)
  }

  var listenerCount: Int { listeners.count }

  /// The listener of this number, if it has a notification.
  func readyListener(_ index: Int) -> NotificationListener? {
    let events = entries[Position.listeners + index].revents
    return events & Int16(POLLIN) == 0 ? nil : listeners[index]
  }

  /// Drops the listeners of filters that no process runs under any more.
  mutating func dropEndedListeners() {
    for index in listeners.indices.reversed() {
      let events = entries[Position.listeners + index].revents
      if events != 0, events & Int16(POLLIN) == 0 {
        listeners.remove(at: index)
        entries.remove(at: Position.listeners + index)
      }
    }
  }
}
