import TestSupport
import TraceModel

extension EventList {
  /// Workers that start workers, `depth` deep.
  static func nested(_ depth: Int32) -> EventList {
    var list = EventList()
    list.main(100, "main.py")
    for level in 1...depth { list.spawnWorker(99 + level, 100 + level) }
    return list
  }

  /// A command with so many children that live at once.
  static func children(_ count: Int32) -> EventList {
    var list = EventList()
    list.launch(100)
    for child in 1...count { list.fork(100, 100 + child) }
    return list
  }

  /// A command that ends.
  static var healthy: EventList {
    var list = EventList()
    list.main(100, "main.py")
    list.exit(100, .status(3))
    return list
  }

  /// The same run, surveyed at its end because of `cause`.
  static func surveyed(_ cause: SurveyCause) -> EventList {
    var list = EventList()
    list.main(100, "main.py")
    list.add(.surveyBegan(cause), by: 100)
    list.add(.surveyed(ThreadActivity(name: "python", state: .running)), by: 100)
    list.add(.surveyEnded(isMoving: true), by: 100)
    list.exit(100, .signal(15))
    return list
  }
}
