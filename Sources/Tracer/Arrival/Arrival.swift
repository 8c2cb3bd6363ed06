internal import LinuxProcess

/// How a tree of processes comes under the tracer.
package enum Arrival: Hashable, Sendable {
  /// The tracer launches a command.
  case launch([String])
}

/// A tree that has come under the tracer.
struct ArrivedTree: ~Copyable {
  /// When it did.
  let time: Instant
  let command: TracedCommand
  let signals: StopSignal
  /// How system calls are seen.
  let mechanism: Mechanism
  /// Why the better mechanisms are not available.
  let refusals: [LaunchedProgram.Refusal]
  /// Puts processes under the filter later; nil if they run under it from their beginning, or
  /// never.
  let installer: FilterInstaller?
  /// The listener of a filter that was there from the beginning.
  let listener: NotificationListener?

  /// - Parameters:
  ///   - mechanism: The one to begin with; if it is refused the next one follows.
  ///   - isLate: Whether processes come under the filter while they run, instead of at their
  ///     beginning.
  ///   - patterns: The calls that the filter picks.
  init(
    _ arrival: Arrival, mechanism: Mechanism, isLate: Bool, patterns: [CallPattern],
    preparation: LaunchPreparation
  ) throws(LaunchError) {
    let signals = try Self.openSignals()
    let time = Instant.now
    // A filter that can't be installed later has to be there from the beginning.
    let isLate = isLate && BorrowedThread.isPossible
    var program: LaunchedProgram
    switch arrival {
    case .launch(let command):
      program = try Launcher.launch(
        command, patterns: patterns, mechanism: isLate ? .processesOnly : mechanism,
        inheriting: signals.inherited, preparation: preparation)
    }
    let listener = program.takeListener()
    let filter =
      isLate
      ? Mechanism.available(from: mechanism)
      : (mechanism: program.mechanism, refusals: program.refusals)
    self.init(
      time: time, command: TracedCommand(program), signals: signals, mechanism: filter.mechanism,
      refusals: filter.refusals,
      installer: isLate && filter.mechanism != .processesOnly
        ? FilterInstaller(patterns, mechanism: filter.mechanism) : nil,
      listener: listener)
  }

  private init(
    time: Instant, command: consuming TracedCommand, signals: consuming StopSignal,
    mechanism: Mechanism, refusals: [LaunchedProgram.Refusal], installer: FilterInstaller?,
    listener: NotificationListener?
  ) {
    self.time = time
    self.command = command
    self.signals = signals
    self.mechanism = mechanism
    self.refusals = refusals
    self.installer = installer
    self.listener = listener
  }

  private static func openSignals() throws(LaunchError) -> StopSignal {
    do {
      return try StopSignal()
    } catch {
      throw .system(error)
    }
  }
}
