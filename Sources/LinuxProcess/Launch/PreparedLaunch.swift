internal import Bytes
internal import CSpawnTrace
internal import Glibc

/// Strings as C functions take them, with a NULL at the end. They are freed with the object.
final class CStrings {
  let pointers: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
  private let count: Int

  init(_ strings: [String]) {
    count = strings.count
    pointers = .allocate(capacity: count + 1)
    for (index, string) in strings.enumerated() {
      (pointers + index).initialize(to: string.withExactCString { strdup($0) })
    }
    (pointers + count).initialize(to: nil)
  }

  deinit {
    for index in 0..<count { free(pointers[index]) }
    pointers.deallocate()
  }
}

/// A launch's preparation as the child reads it. It is made before the fork.
final class PreparedLaunch {
  private let answersWithDescriptors: Bool
  private var mounts: UnsafeMutableBufferPointer<spawntrace_mount>?
  private var environment: CStrings?
  private var paths: CStrings?

  init(_ preparation: LaunchPreparation) {
    answersWithDescriptors = preparation == .answersWithDescriptors
    guard case .mounts(let files, let variables) = preparation else { return }
    let paths = CStrings(files.flatMap { [$0.source, $0.target] })
    let mounts = UnsafeMutableBufferPointer<spawntrace_mount>.allocate(capacity: files.count)
    for index in files.indices {
      guard let source = paths.pointers[2 * index], let target = paths.pointers[2 * index + 1]
      else { continue }
      mounts.initializeElement(at: index, to: spawntrace_mount(source: source, target: target))
    }
    self.paths = paths
    self.mounts = mounts
    environment = CStrings(Self.environment(with: variables))
  }

  deinit {
    mounts?.deallocate()
  }

  /// Completes the request, which is valid as long as this object lives.
  func complete(_ request: inout spawntrace_launch_request) {
    request.answers_with_descriptors = answersWithDescriptors ? 1 : 0
    request.mounts = mounts.flatMap { UnsafePointer($0.baseAddress) }
    request.mount_count = mounts?.count ?? 0
    request.environment = environment.map { UnsafePointer($0.pointers) }
  }

  private static func environment(
    with variables: [LaunchPreparation.EnvironmentVariable]
  ) -> [String] {
    var result = variables.map { "\($0.name)=\($0.value)" }
    var next = environ
    while let entry = next.pointee {
      let text = String(
        exactly: UnsafeRawBufferPointer(start: entry, count: strlen(entry)))
      if !variables.contains(where: { text.hasPrefix($0.name + "=") }) { result.append(text) }
      next += 1
    }
    return result
  }
}
