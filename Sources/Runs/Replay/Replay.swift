package import Input
internal import Recording
internal import StraceLog

/// Opens runs to be judged again.
package enum Replay {
  /// Opens a recording or a log of strace: a file, `-` for standard input, a folder with the files
  /// of one `strace -ff`, or several of these files.
  ///
  /// - Parameter paths: Not empty.
  package static func open(
    _ paths: [String], _ options: ReplayOptions = ReplayOptions(),
    observer: any RunObserver = SilentObserver()
  ) throws(ReplayError) -> any ReplayedRun {
    let path = paths[0]
    let name = paths.count > 1 ? LogSource.run(ofFile: path) + ".*" : path
    return run(try ReplaySource(paths, options.unpacking), named: name, options, observer)
  }

  /// Opens bytes from anywhere; `name` is their name in the report.
  package static func open(
    _ bytes: any ByteSource, named name: String, _ options: ReplayOptions = ReplayOptions(),
    observer: any RunObserver = SilentObserver()
  ) throws(ReplayError) -> any ReplayedRun {
    let input: Input
    do throws(InputError) {
      input = try Input(bytes, options.unpacking)
    } catch {
      throw .unreadable(path: name, error)
    }
    return run(try ReplaySource(input, name), named: name, options, observer)
  }

  /// Opens the files of one `strace -ff`, by the threads' numbers; `name` is their name in the
  /// report. Each is opened twice.
  package static func open(
    threads files: [Int32: any OpenableFile], named name: String,
    _ options: ReplayOptions = ReplayOptions(), observer: any RunObserver = SilentObserver()
  ) throws(ReplayError) -> any ReplayedRun {
    let threads: StraceThreadFiles
    do throws(InputError) {
      threads = try StraceThreadFiles(files)
    } catch {
      throw .unreadable(path: name, error)
    }
    return run(.log(.threads(threads)), named: name, options, observer)
  }

  private static func run(
    _ source: ReplaySource, named name: String, _ options: ReplayOptions,
    _ observer: any RunObserver
  ) -> any ReplayedRun {
    switch source {
    case .recording(let input):
      RecordedRun(
        RecordingStream(input, path: name, isFollowed: options.isFollowed), options,
        observer: observer)
    case .log(let log): LoggedRun(log, named: name, options, observer: observer)
    }
  }
}
