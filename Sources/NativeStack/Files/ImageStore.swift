internal import ELFImage
internal import LinuxProcess
internal import TraceModel

/// Finds the files that processes have mapped, and caches what was read from each.
final class ImageStore {
  /// The most files that are cached: more than the programs of one run map.
  private static let limit = 1024
  private static let pageSize = 4096
  /// The largest size of the kernel's own code (the vDSO), which has two pages.
  private static let kernelImageLimit: UInt64 = 1 << 16

  /// Images by the file's identity, size and time of change: when a file is gone, its inode number
  /// can be given to another one.
  private(set) var images: [FileStatus: NativeImage?] = [:]
  /// Images of the kernel's own code by its bytes, because it has no file.
  private var kernelImages: [[UInt8]: NativeImage?] = [:]
  private var count = 0
  /// Whether map_files is used to find files. It needs CAP_SYS_ADMIN or CAP_CHECKPOINT_RESTORE.
  private let usesMapFiles: Bool

  init(usesMapFiles: Bool = true) {
    self.usesMapFiles = usesMapFiles
  }

  /// The image of a process's mapping; nil if the mapping has no file, or the file can't be opened,
  /// isn't an ELF file, or has certainly been replaced by another one.
  func image(of mapping: ExecutableMapping, in process: ProcessID, _ memory: PagedMemory)
    -> NativeImage?
  {
    if mapping.path == "[vdso]" { return kernelImage(mapping, memory) }
    guard mapping.inode != 0 else { return nil }
    let folder = ProcessFolder(process)
    if usesMapFiles {
      // It leads to the mapped file itself, even if that was renamed.
      let link = folder.mappedFile(mapping.range)
      if let status = FileStatus(path: link) { return image(link, status) }
    }
    let program = folder.executablePath
    if let status = FileStatus(path: program), mapping.isOf(status) {
      return image(program, status)
    }
    for name in names(of: mapping, in: process) {
      // The file of that name may have been replaced since.
      if let status = FileStatus(path: name),
        mapping.isOf(status) || hasSameCode(name, mapping, memory)
      {
        return image(name, status)
      }
    }
    return nil
  }

  /// The names under which a mapping's file may be found. The kernel writes its path as seen from
  /// the reader's root, or from the root of the process's mount namespace if the reader is in
  /// another one, but never from a root that was set by chroot(2).
  private func names(of mapping: ExecutableMapping, in process: ProcessID) -> [String] {
    let facts = ProcessFolder(process)
    var names = [facts.rooted(mapping.path)]
    if let root = destination(ofLink: facts.rooted("")), root != "/",
      mapping.path.utf8.starts(with: (root + "/").utf8)
    {
      names.append(facts.rooted(String(mapping.path.dropFirst(root.count))))
      names.append(mapping.path)
    }
    return names
  }

  private func image(_ name: String, _ status: FileStatus) -> NativeImage? {
    if let known = images[status] { return known }
    if images.count >= Self.limit { images.removeAll(keepingCapacity: true) }
    guard let file = MappedFile(path: name) else { return nil }
    let image = file.withBytes { NativeImage($0, number: count) }
    count += 1
    images[status] = .some(image)
    return image
  }

  /// Whether the file's bytes at the mapping's beginning are the same as in memory. This is checked
  /// if the identities differ, which they always do on some stacked filesystems (overlayfs, btrfs).
  private func hasSameCode(
    _ name: String, _ mapping: ExecutableMapping, _ memory: PagedMemory
  ) -> Bool {
    var page = [UInt8](repeating: 0, count: Self.pageSize)
    let count = page.withUnsafeMutableBytes { memory.read(at: mapping.range.lowerBound, into: $0) }
    guard count == Self.pageSize, let file = MappedFile(path: name) else { return false }
    return file.withBytes { bytes in
      bytes.withUnsafeBytes { bytes in
        guard mapping.fileOffset < UInt64(bytes.count) else { return false }
        let piece = bytes[Int(mapping.fileOffset)...].prefix(Self.pageSize)
        // The kernel fills the rest of a file's last page with zeros.
        return piece.elementsEqual(page.prefix(piece.count))
          && page.dropFirst(piece.count).allSatisfy { $0 == 0 }
      }
    }
  }

  /// The vDSO is an ELF file in memory (vdso(7)).
  private func kernelImage(_ mapping: ExecutableMapping, _ memory: PagedMemory) -> NativeImage? {
    let size = mapping.range.upperBound - mapping.range.lowerBound
    guard size <= Self.kernelImageLimit else { return nil }
    var bytes = [UInt8](repeating: 0, count: Int(size))
    let count = bytes.withUnsafeMutableBytes { memory.read(at: mapping.range.lowerBound, into: $0) }
    bytes.removeLast(bytes.count - count)
    if let known = kernelImages[bytes] { return known }
    let image = NativeImage(bytes.span.bytes, number: self.count)
    self.count += 1
    kernelImages[bytes] = .some(image)
    return image
  }
}

extension ExecutableMapping {
  fileprivate func isOf(_ status: FileStatus) -> Bool {
    device == status.device && inode == status.inode
  }
}
