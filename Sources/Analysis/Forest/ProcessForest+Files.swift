internal import TraceModel

// What opened files tell of a process: that it is ready, that it starts workers, which script it executes.
extension ProcessForest {
  mutating func open(_ place: Int, _ open: FileOpen, _ reading: StackReading?) {
    // A worker that is ready closes its standard input (Lib/multiprocessing/process.py, `_bootstrap`).
    if open.path == "/dev/null" { entries[place].record.isBooting = false }
    if case .read(let stack) = reading, StartAttempt.isStarter(open.path) {
      let directory = entries[place].record.workingDirectory ?? "/"
      if let attempt = starts.look(stack.frames, opening: open.path, in: directory).opening {
        if attempt.reexecution == nil, entries[place].record.startAttempt.isEmpty {
          entries[place].record.startAttempt = stack.userFrames(in: directory)
        }
        return
      }
    }
    if entries[place].node.lastOpened.path == open.path {
      entries[place].node.lastOpened.times += 1
    } else {
      entries[place].node.lastOpened = (open.path, 1)
    }
    recogniseScript(place, open)
  }

  mutating func recogniseScript(_ place: Int, _ open: FileOpen) {
    switch entries[place].record.role {
    case .main, .subprocess:
      if let script = entries[place].record.script {
        if script.isOpened(open) {
          entries[place].record.script?.evidence = .opened
          entries[place].record.script?.path = script.path(openedAs: open.path)
          if script.identity == nil { entries[place].record.script?.identity = open.identity }
        }
      } else if let module = entries[place].node.module,
        let path = open.path.source(ofModule: module)
      {
        entries[place].node.module = nil
        entries[place].record.script = Script(
          path: path, identity: path == open.path ? open.identity : nil, runsAs: "__main__",
          evidence: .opened)
      }
    case .spawnWorker, .forkserver, .forkserverWorker:
      guard entries[place].record.script == nil, isMain(open, at: place) else { return }
      let path = open.path.sourceOfCachedModule ?? open.path
      entries[place].record.script = Script(
        path: path, identity: path == open.path ? open.identity : nil, runsAs: "__mp_main__",
        evidence: .opened)
    default: break
    }
  }

  /// Whether a worker opens the main module of the process that asked for it: the same file, or one
  /// that it opens three times in a row, which is how `runpy.run_path` reads a script (as an archive,
  /// as a compiled module, as source). Up to 3.7 the first of these is C's (Modules/zipimport.c), with
  /// other flags, and isn't seen.
  func isMain(_ open: FileOpen, at place: Int) -> Bool {
    let node = entries[place].node
    let isOld = node.fileVersion.map { $0 < PythonVersion(major: 3, minor: 8) } ?? false
    if node.lastOpened.times >= (isOld ? 2 : 3) { return true }
    guard let parent = entries[place].record.logicalParent.flatMap({ places[$0] }),
      let main = entries[parent].record.script
    else { return false }
    return main.isOpened(open) || open.path.sourceOfCachedModule == main.path
  }
}

extension Script {
  /// Whether a file that is opened is the script's.
  fileprivate func isOpened(_ open: FileOpen) -> Bool {
    path == open.path || identity != nil && identity == open.identity || isTold(by: open.path)
  }

  /// The path, with what an open tells of it that the command line did not.
  fileprivate func path(openedAs opened: String) -> String {
    isTold(by: opened) ? opened : path
  }

  /// An strace log may tell neither the working directory nor that the script is a folder
  /// (Lib/runpy.py: `run_path`).
  private func isTold(by opened: String) -> Bool {
    let isRelative = path.utf8.first != UInt8(ascii: "/")
    let main = path + "/__main__.py"
    return isRelative
      ? opened.ends(with: "/" + path) || opened.ends(with: "/" + main) || opened == main
      : opened == main
  }
}
