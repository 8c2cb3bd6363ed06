internal import Analysis
internal import Glibc
internal import Input
internal import LinuxProcess
internal import Runs
internal import SystemPackage
internal import Triage

/// `spawntrace triage`: the causes of many failed jobs.
struct TriageSession {
  private let settings: TriageSettings
  private let owners: CodeOwners?
  private let known: KnownCauses?

  /// Reads the files beside the inputs.
  init(_ settings: TriageSettings) throws(CommandError) {
    self.settings = settings
    let path = settings.owners
    do throws(InputError) {
      if let path {
        owners = try OwnersFile.owners(atPath: path)
      } else {
        owners = try OwnersFile.owners()
      }
    } catch {
      throw .triageFile(path: path ?? "CODEOWNERS", reason: error.explanation)
    }
    do throws(InputError) {
      known = try settings.known.map { path throws(InputError) in
        try KnownCauses(atPath: path)
      }
    } catch {
      throw .triageFile(path: settings.known ?? "", reason: error.explanation)
    }
  }

  func run() throws(CommandError) -> CommandResult {
    let inputs = InputList.inputs(
      at: settings.paths, limits: ZipLimits(settings.unpacking))
    let progress = Progress(of: inputs.count)
    let pile = PileReader.read(inputs, limit: settings.unpacking) { progress.show($0) }
    progress.clear()
    var causes = pile.causes()
    for index in causes.indices {
      causes[index].known = known?[causes[index]]
      if let place = causes[index].place {
        causes[index].owners = owners?.owners(of: Checkout.path(place.place.path)) ?? []
      }
    }
    let text = TriageText(pile, causes, isByOwner: settings.isByOwner)
    do throws(Errno) {
      try StandardOutput.write(text.text)
    } catch {
      throw .export(path: nil, .system(error))
    }
    if let path = settings.json { try write(pile, causes, to: path) }
    return CommandResult(status: status(pile, causes))
  }

  private func write(_ pile: Pile, _ causes: [Cause], to path: String) throws(CommandError) {
    guard let file = try ReportFile(creating: path) else { return }
    file.empty()
    try file.write(TriageDocument.render(pile, causes))
  }

  private func status(_ pile: Pile, _ causes: [Cause]) -> Int32 {
    if causes.contains(where: { $0.severity == .error }) { return ExitStatus.findingInRecording }
    let isLost = settings.paths.contains { pile.unreadable[$0] != nil }
    return isLost || pile.read == 0 && !pile.unreadable.isEmpty ? ExitStatus.trouble : 0
  }

  /// The repository that the working directory is, as owners see it.
  private enum Checkout {
    /// A file's path in the repository: if none of the inputs tells it, the longest end of the path
    /// that is a file here.
    static func path(_ path: String) -> String {
      guard PortablePath.isAbsolute(path) else { return path }
      var rest = path[...]
      while let slash = rest.firstIndex(of: "/") {
        rest = rest[rest.index(after: slash)...]
        if !rest.isEmpty, access(String(rest), F_OK) == 0 { return String(rest) }
      }
      return path
    }
  }
}

/// How many inputs are read, on a terminal.
private struct Progress: Sendable {
  private let total: Int
  private let isShown: Bool

  init(of total: Int) {
    self.total = total
    isShown = total > 1 && isatty(2) == 1
  }

  func show(_ count: Int) {
    guard isShown, count % 16 == 0 || count == total else { return }
    StandardError.show(count, of: total)
  }

  func clear() {
    if isShown { StandardError.clearLine() }
  }
}
