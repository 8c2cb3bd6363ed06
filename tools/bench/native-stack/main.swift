// Measures the cost of one native stack, in microseconds:
//
//     swift run -c release native-stack-bench PYTHON...
//
// Each PYTHON runs a script that sends itself SIGUSR1 below 15 and more frames, from different
// stacks and again and again, in one process and in many. The output is the median and the 95th
// percentile for
//
//   warm          the same stack again, with all caches
//   places        stacks that differ from stop to stop, with all caches
//   unmapped      without the cached mappings of the process
//   flushed       without libunwind's cache and the cached symbols, too
//   process       the first stack of a process that was just executed (its files are known)
//   first of all  the very first stack, with its files
import Glibc
import LinuxProcess
import NativeStack
import TestSupport

let script = """
  import os, signal, sys, functools, re
  def stop():
      os.kill(os.getpid(), signal.SIGUSR1)
  def down(n, end):
      if n == 0: end()
      else: [0].sort(key=lambda value: down(n - 1, end) or 0)
  def reducing(): functools.reduce(lambda a, b: stop() or 0, [1, 2])
  def replacing(): re.sub("a", lambda match: stop() or "b", "a")
  def comparing():
      class Thing:
          def __lt__(self, other):
              stop()
              return True
      sorted([Thing(), Thing()])
  ways = [stop, reducing, replacing, comparing]
  if len(sys.argv) > 2:
      for n in range(4):
          for way in ways: down(2 + n, way)
  for n in range(int(sys.argv[1])):
      down(3, stop)
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

func measure(_ python: String, _ folder: ScratchFolder) throws {
  let path = try folder.write("main.py", script)
  let reader = NativeStackReader()
  let memory = PagedMemory()
  var depth = 0
  func read(_ stop: LiveStop) {
    // The cost for the tracer includes the registers and the pages of the stack.
    guard let registers = StoppedThread(id: stop.thread).registers() else { return }
    memory.begin(stop.thread)
    let stack = reader.read(
      of: stop.thread, process: stop.process, registers: registers, memory: memory)
    depth = stack.frames.count
    if let cut = stack.cut { print("cut: \(cut)") }
  }
  var first = Sample()
  var warm = Sample()
  var places = Sample()
  var flushed = Sample()
  var unmapped = Sample()
  var process = Sample()
  try LiveTrace.run([python, "-S", path, "300"]) { stop in
    if stop.kind == .exec { reader.forget(process: stop.process) }
    guard stop.kind == .signal(SIGUSR1) else { return .resume }
    if first.values.isEmpty { first.add { read(stop) } }
    warm.add { read(stop) }
    reader.forget(process: stop.process)
    unmapped.add { read(stop) }
    reader.forget(process: stop.process)
    reader.flush()
    flushed.add { read(stop) }
    return .resume
  }
  warm.values.removeFirst()
  let warmDepth = depth
  for _ in 0..<20 {
    try LiveTrace.run([python, "-S", path, "0", "places"]) { stop in
      if stop.kind == .exec { reader.forget(process: stop.process) }
      guard stop.kind == .signal(SIGUSR1) else { return .resume }
      places.add { read(stop) }
      return .resume
    }
  }
  for _ in 0..<200 {
    try LiveTrace.run([python, "-S", path, "1"]) { stop in
      if stop.kind == .exec { reader.forget(process: stop.process) }
      guard stop.kind == .signal(SIGUSR1) else { return .resume }
      process.add { read(stop) }
      return .resume
    }
  }
  print("\(python): \(warmDepth) frames")
  for (name, sample) in [
    ("warm", warm), ("places", places), ("unmapped", unmapped), ("flushed", flushed),
    ("process", process), ("first of all", first),
  ] {
    print("  " + sample.text(name))
  }
}

let folder = try ScratchFolder()
for python in CommandLine.arguments.dropFirst() {
  try measure(python, folder)
}
