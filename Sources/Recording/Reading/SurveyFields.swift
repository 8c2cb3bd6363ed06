internal import TraceModel

extension ThreadActivity {
  init?(_ value: JSONValue) {
    var name: String?
    var state: String?
    var call: String?
    var isTimed = false
    var objects: [WaitObject] = []
    let isObject = value.forEachMember { key, value in
      if key == "name" {
        name = value.text
      } else if key == "state" {
        state = value.text
      } else if key == "in" {
        call = value.text
      } else if key == "timed" {
        isTimed = value.boolean ?? false
      } else if key == "for" {
        objects = value.map(WaitObject.init) ?? []
      }
      return true
    }
    guard isObject, let name else { return nil }
    switch state {
    case "running": self.init(name: name, state: .running)
    case "stopped": self.init(name: name, state: .stopped)
    case "waiting":
      guard let call else { return nil }
      self.init(name: name, state: .waiting(Wait(call: call, objects: objects, isTimed: isTimed)))
    case nil: return nil
    default: self.init(name: name, state: .unknown)
    }
  }
}

extension WaitObject {
  fileprivate init?(_ value: JSONValue) {
    var kind: Kind?
    var name: String?
    var processes: [ProcessID] = []
    let isObject = value.forEachMember { key, value in
      if key == "kind" {
        kind = value.text.flatMap(Kind.init)
      } else if key == "name" {
        name = value.text
      } else if key == "pids" {
        processes = value.map { $0.integer(Int32.self).map(ProcessID.init) } ?? []
      }
      return true
    }
    guard isObject, let kind else { return nil }
    self.init(kind: kind, name: name, processes: processes)
  }
}
