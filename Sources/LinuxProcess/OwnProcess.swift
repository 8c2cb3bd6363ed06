internal import Bytes
internal import CSpawnTrace
internal import Glibc
package import TraceModel

/// This process, without a look into /proc.
package enum OwnProcess {
  /// The corresponding C call is `getpid`.
  package static var id: ProcessID { ProcessID(rawValue: getpid()) }

  /// The arguments that it was given; Swift's `CommandLine` reads them from /proc.
  package static var arguments: [String] {
    let all = UnsafeBufferPointer(
      start: spawntrace_arguments(), count: Int(spawntrace_argument_count()))
    return all.compactMap(\.self).map { argument in
      String(exactly: UnsafeRawBufferPointer(start: argument, count: strlen(argument)))
    }
  }

  /// Its working directory; nil if that is gone.
  ///
  /// The corresponding C call is `getcwd`.
  package static var workingDirectory: String? {
    withUnsafeTemporaryAllocation(byteCount: Int(PATH_MAX), alignment: 1) { buffer in
      guard let base = buffer.baseAddress?.assumingMemoryBound(to: CChar.self),
        getcwd(base, buffer.count) != nil, buffer[0] == UInt8(ascii: "/")
      else { return nil }
      return String(exactly: UnsafeRawBufferPointer(rebasing: buffer[..<strlen(base)]))
    }
  }
}

/// Returns the absolute path of a file without symbolic links; nil if there is no such file.
///
/// The corresponding C call is `realpath`.
package func resolvedPath(_ path: String) -> String? {
  guard let resolved = path.withExactCString({ realpath($0, nil) }) else { return nil }
  defer { free(resolved) }
  return String(exactly: UnsafeRawBufferPointer(start: resolved, count: strlen(resolved)))
}
