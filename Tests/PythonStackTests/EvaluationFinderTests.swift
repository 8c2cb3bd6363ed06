import ELFImage
import Testing
import TraceModel

@testable import PythonStack

/// Finding the frames of a Python stack at which native calls of the interpreter begin.
struct EvaluationFinderTests {
  /// A process with four frames. The two in the middle are one call, if calls can have several
  /// frames.
  private func process(_ build: MeasuredBuild) -> (process: FakeProcess, markers: [UInt64]) {
    var process = FakeProcess(build)
    let code = process.addCode(path: "a.py", function: "f", firstLine: 1)
    let hasShims = build.offsets.frame.owner != nil
    var markers: [UInt64] = []
    var top: UInt64 = 0
    var links: [UInt64] = []
    for count in [1, 2, 1] {
      if hasShims {
        top = process.addFrame(code: 0, previous: top, owner: 3)
        markers.append(top)
      }
      for _ in 0..<count { top = process.addFrame(code: code, previous: top) }
      links.append(top)
    }
    process.run(top)
    if case .throughCFrame(let pointer, let frame) = build.offsets.thread.topFrame {
      // The outermost one is the thread state's own and has no frame.
      var previous = process.addLink(frame: 0, previous: 0, at: frame)
      var addresses: [UInt64] = []
      for link in links {
        previous = process.addLink(frame: link, previous: previous, at: frame)
        addresses.append(previous)
      }
      process.memory.poke(previous, at: FakeProcess.thread + UInt64(pointer))
      if !hasShims { markers = addresses }
    }
    return (process, Array(markers.reversed()))
  }

  @Test(arguments: MeasuredBuild.all)
  func `calls are found`(build: MeasuredBuild) {
    var (process, markers) = process(build)
    var reader = StackReader()
    let result = reader.readWithEvaluations(
      .threadPointer(FakeProcess.pthread), in: process.interpreter, memory: &process.memory)
    #expect(result.reading.functions.count == 4)
    if markers.isEmpty {
      #expect(result.evaluations == (1...4).map { PythonEvaluation(end: $0, marker: nil) })
    } else {
      #expect(
        result.evaluations
          == zip([1, 3, 4], markers).map { PythonEvaluation(end: $0, marker: $1) })
    }
  }

  /// Whatever memory contains, the evaluations lie within the frames, in order.
  @Test(arguments: MeasuredBuild.all)
  func `damaged memory keeps the order`(build: MeasuredBuild) {
    let (intact, _) = process(build)
    var random = SeededGenerator(state: 5)
    let addresses = intact.memory.regions.map(\.address)
    for _ in 0..<1000 {
      var process = intact
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        let index = Int.random(in: 0..<process.memory.regions.count, using: &random)
        let size = process.memory.regions[index].bytes.count / 8
        guard size > 0 else { continue }
        let number = UInt64.random(in: 0 ... .max, using: &random)
        process.memory.regions[index].bytes.put(
          number & 1 == 0 ? number : addresses.randomElement(using: &random) ?? 0,
          at: 8 * Int.random(in: 0..<size, using: &random))
      }
      var reader = StackReader()
      let result = reader.readWithEvaluations(
        .threadPointer(FakeProcess.pthread), in: process.interpreter, memory: &process.memory)
      let ends = result.evaluations.map(\.end)
      #expect(ends == Array(Set(ends)).sorted())
      #expect((ends.last ?? 0) <= result.reading.functions.count)
    }
  }
}

extension FakeProcess {
  /// A `_PyCFrame`.
  fileprivate mutating func addLink(frame: UInt64, previous: UInt64, at offset: Int) -> UInt64 {
    var link = [UInt8](repeating: 0, count: 24)
    link.put(frame, at: offset)
    link.put(previous, at: offset + 8)
    return add(link)
  }
}
