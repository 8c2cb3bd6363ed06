internal import Multiprocessing
internal import TraceModel

/// What a chain that ends in a refusal shows: the worker's run of main, and the places in it.
struct ChainPlaces: Sendable {
  /// The frames of the user's code in main's run, outermost first.
  var users: [FrameTable.ID] = []
  var culprit: FrameTable.ID?
  var callSite: FrameTable.ID?
  var script: FrameTable.ID?
  var startMethod: StartMethod?
  /// Whether a worker's beginning and its preparation of main are there.
  var isOfWorker = false
  /// Whether the frames are those of an interpreter that was started as a worker.
  var beginsAsWorker = false
  /// Whether the frames that ask for a process are there.
  var asks = false
  /// How well the culprit can have called what follows it; nothing if a frame of main's run can't
  /// have called the next.
  var strength = FrameLink.unknown

  init(_ frames: [FrameTable.ID], in table: inout FrameTable) {
    let traits = frames.map { table[$0].traits }
    let start = traits.lastIndex { $0.preparesMain }.map { $0 + 1 } ?? 0
    isOfWorker = start > 0 && traits.contains { $0.servesCommandLine || $0.leadsToMain }
    beginsAsWorker = isOfWorker || start > 0 || traits.first?.isCommandText == true
    let end =
      traits[start...].firstIndex {
        $0.asksForProcess || $0.isOfLauncher || $0.refusesStart || $0.collectsPreparation
      }
      ?? frames.count
    // A box may leave out what asks, and have what is asked.
    asks = traits[start...].contains { $0.asksForProcess || $0.isOfLauncher }
    startMethod =
      traits[start...].compactMap(\.startMethod).first
      ?? traits.compactMap(\.startMethod).first
    let run = frames[start..<end]
    users = run.filter { table[$0].traits.origin == .user }
    let packages = run.filter {
      table[$0].traits.origin == .package && !table[$0].traits.isOfMultiprocessing
    }
    culprit =
      users.last { table[$0].frame.isModule } ?? packages.last { table[$0].frame.isModule }
    callSite = users.last ?? packages.last
    if start > 0 {
      script = (users + packages).first { table[$0].frame.isModule }
    }
    let first = max(start - 1, 0)
    for index in first..<max(first, min(end, frames.count - 1)) {
      let link = table.link(frames[index], frames[index + 1])
      if frames[index] == culprit { strength = link }
      if link == .impossible {
        strength = .impossible
        break
      }
    }
  }
}
