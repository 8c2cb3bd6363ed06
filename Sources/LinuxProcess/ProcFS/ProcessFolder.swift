internal import Bytes
internal import CSpawnTrace
internal import Glibc
package import TraceModel

/// /proc/PID: what the kernel shows of a process.
///
/// A process that runs on may change while it is read. One that is gone has nothing: each property
/// then is nil or empty. So it is for every process if /proc isn't usable (`ProcMount`).
package struct ProcessFolder {
  package let process: ProcessID
  private let path: String

  package init(_ process: ProcessID) {
    self.process = process
    path = ProcMount.folder(of: process)
  }

  /// Whether there is such a process, even a zombie.
  package var exists: Bool {
    hasThread(process.firstThread)
  }

  /// The path under which this process finds the program's file.
  package var executablePath: String {
    path + "/exe"
  }

  /// The program's file, with links resolved.
  package var executable: String? {
    destination(ofLink: executablePath)
  }

  package var executableStatus: FileStatus? {
    FileStatus(path: executablePath)
  }

  /// Whether descriptor 0 is open; nil if that can't be seen.
  package var hasStandardInput: Bool? {
    if destination(ofLink: path + "/fd/0") != nil { return true }
    return entryNames(ofDirectory: path + "/fd") == nil ? nil : false
  }

  /// The arguments that the program was given.
  package var arguments: [String] {
    guard var bytes = contents(of: path + "/cmdline")?[...] else { return [] }
    if bytes.last == 0 { bytes = bytes.dropLast() }
    return bytes.split(separator: 0, omittingEmptySubsequences: false).map {
      String(exactly: $0)
    }
  }

  /// The environment that the program was given, each variable with a NUL behind it.
  package var environment: [UInt8] {
    contents(of: path + "/environ") ?? []
  }

  /// The device number of its controlling terminal; 0 if it has none (proc_pid_stat(5), tty_nr).
  package var terminal: Int32 {
    guard let bytes = contents(of: path + "/stat"),
      let end = bytes.lastIndex(of: UInt8(ascii: ")"))
    else { return 0 }
    let words = bytes[(end + 1)...].split(separator: 0x20)
    return words.count > 4 ? Int32(String(decoding: words[4], as: UTF8.self)) ?? 0 : 0
  }

  /// Whether its pid namespace is this process's own, so that both know its threads by the same ids;
  /// nil if that can't be read (pid_namespaces(7)).
  package var isInOwnNamespace: Bool? {
    guard let own = Self.ownNamespace, let its = destination(ofLink: path + "/ns/pid") else {
      return nil
    }
    return its == own
  }

  private static let ownNamespace = destination(
    ofLink: ProcessFolder(ProcessID(rawValue: getpid())).path + "/ns/pid")

  package var workingDirectory: String? {
    destination(ofLink: workingDirectoryPath)
  }

  /// The path under which this process finds the working directory.
  package var workingDirectoryPath: String {
    path + "/cwd"
  }

  /// /proc/PID/maps; ``MemoryMappings`` reads it.
  package var maps: [UInt8]? {
    contents(of: path + "/maps")
  }

  package var descriptors: OpenDescriptors {
    OpenDescriptors(process: process)
  }

  /// The status of the file at an absolute path in the process's own mount namespace and root.
  package func status(of path: String) -> FileStatus? {
    FileStatus(path: rooted(path))
  }

  /// The path under which this process finds a file that `process` finds at `path`. If /proc isn't
  /// usable, this is the same path: the process is taken to have our root.
  package func rooted(_ path: String) -> String {
    ProcMount.isUsable ? "\(self.path)/root\(path)" : path
  }

  /// The kernel's link to a file that the process has mapped at `range`. To follow it takes
  /// CAP_CHECKPOINT_RESTORE.
  package func mappedFile(_ range: Range<UInt64>) -> String {
    let start = String(range.lowerBound, radix: 16)
    let end = String(range.upperBound, radix: 16)
    return "\(path)/map_files/\(start)-\(end)"
  }

  /// The process's threads, sorted by their ids.
  package var threads: [ThreadID] {
    (entryNames(ofDirectory: path + "/task") ?? [])
      .compactMap { Int32($0).map(ThreadID.init(rawValue:)) }.sorted()
  }

  /// The processes that its threads have created or inherited (proc_pid_task_children(5)).
  package var children: [ProcessID] {
    threads.flatMap { thread in
      (contents(of: "\(path)/task/\(thread)/children") ?? []).split(separator: 0x20)
        .compactMap { Int32(String(decoding: $0, as: UTF8.self)).map(ProcessID.init(rawValue:)) }
    }
  }

  package func hasThread(_ thread: ThreadID) -> Bool {
    spawntrace_has_thread(process.rawValue, thread.rawValue)
  }

  package func thread(_ thread: ThreadID) -> ThreadFolder {
    ThreadFolder(thread, of: process)
  }
}
