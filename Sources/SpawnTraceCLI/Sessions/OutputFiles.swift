internal import LinuxProcess
internal import TraceModel

/// The files that a command is to write, of which each must be a file of its own.
struct OutputFiles {
  /// An option and its file.
  private let outputs: [(option: String, path: String)]

  /// - Parameter outputs: Options with their files; nil for those that aren't given.
  init(_ outputs: [(option: String, path: String?)]) {
    self.outputs = outputs.compactMap { output in output.path.map { (output.option, $0) } }
  }

  /// Compares the files before any of them is opened.
  ///
  /// - Parameters:
  ///   - command: The command that is run. It may write, or read, or be the file.
  ///   - inputs: The files that are read.
  func check(command: [String] = [], inputs: [String] = []) throws(CommandError) {
    for (index, output) in outputs.enumerated() {
      let file = Target(output.path)
      if let other = outputs[..<index].first(where: { Target($0.path).isSame(as: file) }) {
        throw .outputs(path: output.path, .options(other.option, output.option))
      }
      if command.contains(where: { Target($0).isSameRegular(as: file) }) {
        throw .outputs(path: output.path, .command)
      }
      if inputs.contains(where: { Target($0).isSameRegular(as: file) }) {
        throw .outputs(path: output.path, .input)
      }
    }
  }

  /// What a path leads to.
  private struct Target {
    private let path: String
    private let status: FileStatus?

    init(_ path: String) {
      self.path = path
      status = FileStatus(path: path)
    }

    func isSameRegular(as other: Target) -> Bool {
      status?.isRegular == true && isSame(as: other)
    }

    /// Whether two outputs would mix. A device as /dev/null takes any number of them.
    func isSame(as other: Target) -> Bool {
      guard let one = status, let two = other.status else {
        let folder = OwnProcess.workingDirectory ?? "/"
        return status == nil && other.status == nil
          && path.absolutePath(in: folder) == other.path.absolutePath(in: folder)
      }
      return one.device == two.device && one.inode == two.inode && !one.isDevice
    }
  }
}
