internal import LinuxProcess
internal import SystemPackage
internal import TraceModel

/// Files with the texts that the command is to see, to be mounted over others at the launch.
struct MountedTexts {
  private var files: [(text: TemporaryFile, target: String)] = []

  init(_ overlays: [Overlay]) throws(OverlayObstacle) {
    for overlay in overlays {
      guard let status = FileStatus(path: overlay.path), status.isRegular else {
        throw .noSuchFile(path: overlay.path)
      }
      do throws(Errno) {
        files.append((try TemporaryFile(overlay.text, like: status), overlay.path))
      } catch {
        throw .textNotKept(error)
      }
    }
  }

  /// The command doesn't cache modules: with another text's time and size they would take the place
  /// of good ones.
  var preparation: LaunchPreparation {
    .mounts(
      files.map { .init(source: $0.text.path, target: $0.target) },
      variables: [.init(name: "PYTHONDONTWRITEBYTECODE", value: "1")])
  }
}
