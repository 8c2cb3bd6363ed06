// Measures the cost of one Python stack of 15 frames in the tracer, in microseconds:
//
//     swift run -c release python-stack-bench PYTHON...
//
// Each PYTHON runs a script that sends itself SIGUSR1 below 15 frames: again and again in a loop,
// or from stacks that share only the module's frame, or half of their frames. A stack is read as
// the tracer reads it: registers, pages of memory, the interpreter's address, and frames with the
// cached code objects. The script counts as an installed one, so its source lines aren't read,
// except for `source`. The output is the median and the 95th percentile for
//
//   warm     the same stack again at one stop: all is cached, but pages of memory are read anew
//   loop     one stack at each stop of the loop
//   half     stacks with 7 new inner frames
//   places   stacks with 14 new inner frames
//   process  the first stack of a process that was just executed (its files are known)
//   first    the very first stack of all, with its files
//   source   as `warm`, with the source lines of 15 frames of a user's script
//
// first by the thread's registers, then by its number, as if the kernel showed no registers.
import Glibc
import LinuxProcess
import TestSupport
import TraceModel
import Tracer

let placeCount = 60

/// The module of functions: `p3_0` to `p3_13` call each other in one stack, and `s0` to `s6` lead
/// to the second half of any.
let ways: String = {
  var lines = ["import os, signal"]
  for place in 0..<placeCount {
    for level in 0..<13 {
      lines += ["def p\(place)_\(level)():", "    x = \(level)", "    p\(place)_\(level + 1)()"]
    }
    lines += ["def p\(place)_13():", "    os.kill(os.getpid(), signal.SIGUSR1)"]
  }
  for level in 0..<6 {
    lines += ["def s\(level)(end):", "    s\(level + 1)(end)"]
  }
  lines += ["def s6(end):", "    end()"]
  lines += ["places = [\((0..<placeCount).map { "p\($0)_0" }.joined(separator: ", "))]"]
  lines += ["halves = [\((0..<placeCount).map { "p\($0)_7" }.joined(separator: ", "))]"]
  return lines.joined(separator: "\n") + "\n"
}()

let script = """
  import sys
  import ways
  count = int(sys.argv[2])
  while count > 0:
      if sys.argv[1] == "loop": ways.p0_0()
      elif sys.argv[1] == "places": ways.places[count]()
      else: ways.s0(ways.halves[count])
      count -= 1
  """

/// The measurements of one quantity.
struct Sample {
  var values: [Double] = []

  mutating func add(_ body: () -> Void) {
    let began = LiveTrace.clock()
    body()
    values.append(Double(LiveTrace.clock() - began) / 1000)
  }

  func text(_ name: String) -> String {
    let sorted = values.sorted()
    guard let last = sorted.last else { return "\(name) -" }
    func at(_ part: Double) -> String {
      let tenths = Int((sorted[Int(part * Double(sorted.count - 1))] * 10).rounded())
      return "\(tenths / 10).\(tenths % 10)"
    }
    return "\(name) \(at(0.5)) / \(at(0.95)) (max \(Int(last)), \(values.count))"
  }
}

/// A reader of stacks that identifies threads in one of two ways.
final class Subject {
  let python: String
  let byRegisters: Bool
  private(set) var observer = StackObserver()
  private var image: ProcessImage

  init(_ python: String, byRegisters: Bool = true) {
    self.python = python
    self.byRegisters = byRegisters
    image = ProcessImage(
      Execution(
        executable: python, executableIdentity: nil, arguments: [python], workingDirectory: "/"))
  }

  /// Empties the cache of the process, and of files, too, if asked.
  func forget(files: Bool = false) {
    if files { observer = StackObserver() }
    image = ProcessImage(
      Execution(
        executable: python, executableIdentity: nil, arguments: [python], workingDirectory: "/"))
  }

  func read(_ stop: LiveStop) {
    let registers = byRegisters ? StoppedThread(id: stop.thread).registers() : nil
    let reading = observer.read(
      stop.thread, registers?.systemCall.threadPointer, of: stop.process, image)
    guard case .read(let stack) = reading, stack.cut == nil, stack.frames.count == 15 else {
      print("not read: \(String(describing: reading))")
      exit(1)
    }
  }

  /// Runs the script in one of its ways, `runs` times, and calls `body` at each stop. One shell
  /// starts all runs, because a fork makes the memory of this process slow for a while.
  func run(
    _ script: String, _ way: String, _ count: Int, runs: Int, _ body: (LiveStop) -> Void
  ) throws {
    let loop = "n=0; while [ $n -lt \(runs) ]; do \"$@\"; n=$((n + 1)); done"
    let command = [python, "-S", script, way, "\(count)"]
    try LiveTrace.run(["/bin/sh", "-c", loop, "sh"] + command) { stop in
      if stop.kind == .exec { forget() }
      if stop.kind == .signal(SIGUSR1) { body(stop) }
      return .resume
    }
  }
}

func measure(_ python: String, _ folder: ScratchFolder) throws {
  let installed = try folder.write("site-packages/main.py", script)
  try folder.write("site-packages/ways.py", ways)
  try folder.write("ways.py", ways)
  let owned = try folder.write("main.py", script)
  print("\(python):")
  for byRegisters in [true, false] {
    let subject = Subject(python, byRegisters: byRegisters)
    var samples: [(name: String, sample: Sample)] = []
    func run(
      _ name: String, _ way: String, stops: Int, runs: Int = 1, readsAStop: Int = 1,
      skipping: Int = 0, _ script: String, prepare: () -> Void = {}
    ) throws {
      var sample = Sample()
      var count = 0
      var process: ProcessID?
      try subject.run(script, way, stops, runs: runs) { stop in
        if stop.process != process {
          process = stop.process
          count = 0
          prepare()
        }
        for _ in 0..<readsAStop {
          count += 1
          if count <= skipping {
            subject.read(stop)
          } else {
            sample.add { subject.read(stop) }
          }
        }
      }
      samples.append((name, sample))
    }
    try run("first", "loop", stops: 1, runs: 50, installed) { subject.forget(files: true) }
    try run("process", "loop", stops: 1, runs: 100, installed)
    try run("half", "half", stops: placeCount - 1, runs: 10, skipping: 1, installed)
    try run("places", "places", stops: placeCount - 1, runs: 10, skipping: 1, installed)
    try run("loop", "loop", stops: 400, skipping: 1, installed)
    try run("warm", "loop", stops: 2, readsAStop: 400, skipping: 1, installed)
    if byRegisters {
      try run("source", "loop", stops: 2, readsAStop: 400, skipping: 1, owned)
    }
    print(byRegisters ? "  by the registers" : "  by the thread's number")
    for (name, sample) in samples.reversed() { print("    " + sample.text(name)) }
  }
}

let folder = try ScratchFolder()
for python in CommandLine.arguments.dropFirst() {
  try measure(python, folder)
}
