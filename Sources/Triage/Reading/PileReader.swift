internal import CILog
internal import Glibc
package import Input
internal import Runs
internal import Synchronization

/// Reads many inputs, with several threads.
package enum PileReader {
  /// Reads the inputs, and calls `progress` after each with the number of those that are read; from
  /// any thread, one call at a time.
  ///
  /// - Parameters:
  ///   - threads: How many read at the same time.
  ///   - limit: What each input may unpack to.
  package static func read(
    _ inputs: [ListedInput], threads: Int = processorCount, limit: UnpackLimit = UnpackLimit(),
    progress: @escaping @Sendable (Int) -> Void = { _ in }
  ) -> Pile {
    let work = Work(inputs, limit, progress)
    let count = max(1, min(threads, inputs.count))
    if count == 1 {
      work.run()
    } else {
      Self.run(work, by: count)
    }
    return work.pile
  }

  /// The processors that work (sysconf(3)).
  package static var processorCount: Int {
    max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
  }

  /// The corresponding C calls are `pthread_create` and `pthread_join`.
  private static func run(_ work: Work, by count: Int) {
    var threads: [pthread_t] = []
    for _ in 1..<count {
      var thread = pthread_t()
      let argument = Unmanaged.passRetained(work)
      let status = pthread_create(
        &thread, nil,
        { argument in
          if let argument { Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().run() }
          return nil
        }, argument.toOpaque())
      if status == 0 { threads.append(thread) } else { argument.release() }
    }
    work.run()
    for thread in threads { pthread_join(thread, nil) }
  }

  /// The inputs that are left, and what the others have said.
  private final class Work: Sendable {
    private struct State {
      var next = 0
      var done = 0
      var pile = Pile()
      /// What earlier results of triage say.
      var results: [Pile] = []
    }

    private let inputs: [ListedInput]
    private let progress: @Sendable (Int) -> Void
    private let limit: UnpackLimit
    /// By the paths of the archives.
    private let budgets: [String: UnpackBudget]
    private let state = Mutex(State())

    init(
      _ inputs: [ListedInput], _ limit: UnpackLimit,
      _ progress: @escaping @Sendable (Int) -> Void
    ) {
      self.inputs = inputs
      self.limit = limit
      self.progress = progress
      var budgets: [String: UnpackBudget] = [:]
      for path in Set(inputs.compactMap(\.archive)) {
        budgets[path] = (try? PositionedFile(path: path)).map { UnpackBudget(packed: $0.size) }
      }
      self.budgets = budgets
    }

    var pile: Pile { state.withLock { Pile.merged([$0.pile] + $0.results) } }

    /// Reads inputs until none is left.
    func run() {
      let redactor = InputRedactor()
      while let input = next() {
        var part = Pile()
        var results: [Pile] = []
        var limit = limit
        limit.archive = input.archive.flatMap { budgets[$0] }
        input.read(limit) { name, contents in
          guard case .triage(let document) = contents else {
            return PileReader.add(contents, named: name, to: &part)
          }
          var result = Pile()
          if result.add(document) {
            results.append(redactor.redacted(result))
          } else {
            part.addUnreadable(name, why: "it is a triage's output of a version that isn't known")
          }
        }
        part = redactor.redacted(part)
        state.withLock { state in
          state.pile.add(part)
          state.results += results
          state.done += 1
          progress(state.done)
        }
      }
    }

    private func next() -> ListedInput? {
      state.withLock { state in
        guard state.next < inputs.count else { return nil }
        defer { state.next += 1 }
        return inputs[state.next]
      }
    }
  }

  private static func add(_ contents: InputContents, named name: String, to pile: inout Pile) {
    switch contents {
    case .empty: pile.addSilent(name)
    case .unreadable(let why): pile.addUnreadable(name, why: why)
    case .report(let report): pile.add(report, input: name)
    case .triage: break
    case .run(let run):
      do throws(ReplayError) {
        pile.add(try run.judged().run.report, input: name)
      } catch {
        pile.addUnreadable(name, why: error.reason)
      }
    case .text(let input):
      do throws(InputError) {
        pile.add(try reading(of: input), input: name)
      } catch {
        pile.addUnreadable(name, why: error.explanation)
      }
    }
  }

  private static func reading(of input: Input) throws(InputError) -> LogReading {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
    defer { buffer.deallocate() }
    var reader = CILogReader()
    while true {
      let count = try input.read(into: buffer)
      if count == 0 { return reader.finish() }
      reader.read(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
    }
  }
}
