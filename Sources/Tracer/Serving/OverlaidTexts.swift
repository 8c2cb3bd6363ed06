internal import LinuxProcess
internal import TraceModel

/// What a run needs for the texts that the tree is to see in the place of files: for most runs
/// nothing.
struct OverlaidTexts: ~Copyable {
  private(set) var served: ServedFiles?
  private var mounted: MountedTexts?

  init(_ overlays: [Overlay], by way: OverlayWay) throws(LaunchError) {
    if overlays.isEmpty { return }
    do throws(OverlayObstacle) {
      switch way {
      case .served: served = try ServedFiles(overlays)
      case .mounted: mounted = try MountedTexts(overlays)
      }
    } catch {
      throw .overlaysRefused(error)
    }
  }

  /// The calls that the filter picks.
  var patterns: [CallPattern] {
    served == nil ? Interest.patterns : ServedCalls.patterns
  }

  var preparation: LaunchPreparation {
    if served != nil { return .answersWithDescriptors }
    return mounted?.preparation ?? .none
  }
}
