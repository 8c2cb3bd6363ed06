internal import JSON
internal import TraceModel

extension ThreadActivity {
  init?(_ value: JSONValue) {
    var name: String?
    var state: String?
    var call: String?
    var isTimed = false
    var handlesSignals = false
    var objects: [WaitObject] = []
    let isObject = value.forEachMember { key, value in
      switch key {
      case "name": name = value.text
      case "state": state = value.text
      case "in": call = value.text
      case "signals": handlesSignals = value.boolean ?? false
      case "timed": isTimed = value.boolean ?? false
      case "for": objects = value.map(WaitObject.init) ?? []
      default: break
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
    self.handlesSignals = handlesSignals
  }
}

extension WaitObject {
  fileprivate init?(_ value: JSONValue) {
    var kind: Kind?
    var name: String?
    var processes: [ProcessID] = []
    let isObject = value.forEachMember { key, value in
      switch key {
      case "kind": kind = value.text.flatMap(Kind.init)
      case "name": name = value.text
      case "pids": processes = value.map { $0.integer(Int32.self).map(ProcessID.init) } ?? []
      default: break
      }
      return true
    }
    guard isObject, let kind else { return nil }
    self.init(kind: kind, name: name, processes: processes)
  }
}
