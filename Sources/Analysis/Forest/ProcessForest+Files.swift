internal import Multiprocessing
internal import TraceModel

// Opened files show that a process is ready, that it starts workers, and which script it executes.
extension ProcessForest {
  mutating func open(_ slot: Int, _ open: FileOpen, _ reading: StackReading?) {
    if open.meaning == .endOfBoot {
      entries[slot].node.state.opened(.endOfBoot)
      entries[slot].record.isBooting = entries[slot].node.state.isBooting
    }
    if open.meaning == .starter, case .read(let stack) = reading {
      let directory = entries[slot].record.workingDirectory ?? "/"
      if let attempt = starts.examine(stack.frames, opening: open.path, in: directory).opening {
        if attempt.reexecution == nil, entries[slot].record.startAttempt.isEmpty {
          entries[slot].record.startAttempt = stack.frames.absolute(in: directory).users
        }
        return
      }
    }
    if entries[slot].node.lastOpened.path == open.path {
      entries[slot].node.lastOpened.times += 1
    } else {
      entries[slot].node.lastOpened = (open.path, 1)
    }
    recogniseScript(slot, open)
  }

  mutating func recogniseScript(_ slot: Int, _ open: FileOpen) {
    switch entries[slot].record.role {
    case .main, .subprocess:
      if let script = entries[slot].record.script {
        if script.isOpened(open) {
          entries[slot].record.script?.evidence = .opened
          entries[slot].record.script?.path = script.path(openedAs: open.path)
          if script.identity == nil { entries[slot].record.script?.identity = open.identity }
        }
      } else if let module = entries[slot].node.module,
        let path = open.path.source(ofModule: module)
      {
        entries[slot].node.module = nil
        entries[slot].record.script = Script(
          path: path, identity: path == open.path ? open.identity : nil, runsAs: MainModule.name,
          evidence: .opened)
      }
    case .spawnWorker, .forkserver, .forkserverWorker:
      guard entries[slot].record.script == nil, isMain(open, at: slot) else { return }
      let path = open.path.sourceOfCachedModule ?? open.path
      entries[slot].record.script = Script(
        path: path, identity: path == open.path ? open.identity : nil,
        runsAs: MainModule.nameInWorker,
        evidence: .opened)
    default: break
    }
  }

  /// Whether a worker opens the main module of its logical parent: the same file, or one that it
  /// opens three times in a row, as `runpy.run_path` reads a script (as an archive, as a compiled
  /// module, as source). Up to 3.7 the first open is C's (Modules/zipimport.c), with other flags,
  /// and isn't seen.
  func isMain(_ open: FileOpen, at slot: Int) -> Bool {
    let node = entries[slot].node
    let isOld = node.fileVersion.map { $0 < PythonVersion(major: 3, minor: 8) } ?? false
    if node.lastOpened.times >= (isOld ? 2 : 3) { return true }
    guard let parent = entries[slot].record.logicalParent.flatMap({ slots[$0] }),
      let main = entries[parent].record.script
    else { return false }
    return main.isOpened(open) || open.path.sourceOfCachedModule == main.path
  }
}

extension Script {
  /// Whether an opened file is the script's.
  fileprivate func isOpened(_ open: FileOpen) -> Bool {
    path == open.path || identity != nil && identity == open.identity || isShown(by: open.path)
  }

  /// The script's path, completed by what an open shows and the command line didn't.
  fileprivate func path(openedAs opened: String) -> String {
    isShown(by: opened) ? opened : path
  }

  /// An strace log may show neither the working directory nor that the script is a folder
  /// (Lib/runpy.py: `run_path`).
  private func isShown(by opened: String) -> Bool {
    let isRelative = path.utf8.first != UInt8(ascii: "/")
    let main = path + "/__main__.py"
    return isRelative
      ? opened.ends(with: "/" + path) || opened.ends(with: "/" + main) || opened == main
      : opened == main
  }
}
