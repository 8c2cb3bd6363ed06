internal import TraceModel

// The forest forgets processes: a run may start millions.
extension ProcessForest {
  /// Whether more have ended than are to be remembered.
  var isFull: Bool { endedCount > Self.endedLimit }

  /// Drops facts that only the judging of a process's end needed.
  mutating func dropTracebacks(of id: Int) {
    if let slot = slots[id], entries[slot].node.tracebacks != nil {
      entries[slot].node.tracebacks = nil
    }
  }

  /// Forgets a process that has ended, if more than enough are remembered, and with it its
  /// ancestors that nothing else leads to.
  ///
  /// - Parameter isNeeded: Whether a process is named elsewhere.
  package mutating func forget(_ id: Int, unless isNeeded: (Int) -> Bool) {
    var next: [Int] = [id]
    while endedCount > Self.endedLimit, let id = next.popLast() {
      guard id != 1, let slot = slots[id], !entries[slot].node.isLive,
        entries[slot].node.dependants == 0, !isNeeded(id)
      else { continue }
      let parent = entries[slot].record.parent
      let logicalParent = entries[slot].record.logicalParent
      for other in [parent, logicalParent == parent ? nil : logicalParent].compactMap(\.self) {
        release(other)
        next.append(other)
      }
      slots[id] = nil
      entries[slot] = .unknown
      freeSlots.append(slot)
      endedCount -= 1
      rendezvous.forget(id)
    }
  }

  mutating func keep(_ id: Int?) {
    if let slot = id.flatMap({ slots[$0] }) { entries[slot].node.dependants += 1 }
  }

  private mutating func release(_ id: Int?) {
    if let slot = id.flatMap({ slots[$0] }) { entries[slot].node.dependants -= 1 }
  }

  /// Changes a process's logical parent and keeps the reference counts right.
  mutating func setLogicalParent(_ parent: Int?, ofSlot slot: Int) {
    let before = entries[slot].record.logicalParent
    guard parent != before else { return }
    let kernelParent = entries[slot].record.parent
    // The parent counts once, whether it asked or not.
    if before != kernelParent { release(before) }
    if parent != kernelParent { keep(parent) }
    entries[slot].record.logicalParent = parent
  }
}
