internal import ELFImage
internal import LinuxProcess
internal import TraceModel

/// Finds the files that processes have mapped, and keeps what was read of each.
final class ImageStore {
  /// More files than the programs of one run map.
  private static let limit = 1024
  private static let pageSize = 4096
  /// The kernel's own piece of code; it has two pages.
  private static let kernelImageLimit: UInt64 = 1 << 16

  /// By the file's identity, size and time of change: an inode's number is given again to another
  /// file when the first is gone.
  private(set) var images: [FileStatus: NativeImage?] = [:]
  /// By its bytes: it has no file.
  private var kernelImages: [[UInt8]: NativeImage?] = [:]
  private var count = 0
  /// Whether files are looked for in map_files, which takes CAP_SYS_ADMIN or CAP_CHECKPOINT_RESTORE.
  private let usesMapFiles: Bool

  init(usesMapFiles: Bool = true) {
    self.usesMapFiles = usesMapFiles
  }

  /// The image of a mapping of a process; nil where there is no file, it can't be opened, is no ELF
  /// file, or surely another one by now.
  func image(of mapping: ExecutableMapping, in process: ProcessID, _ memory: PagedMemory)
    -> NativeImage?
  {
    if mapping.path == "[vdso]" { return kernelImage(mapping, memory) }
    guard mapping.inode != 0 else { return nil }
    if usesMapFiles {
      let start = String(mapping.range.lowerBound, radix: 16)
      let end = String(mapping.range.upperBound, radix: 16)
      // A link of the kernel's to the mapped file itself, whatever has become of its name.
      let link = "/proc/\(process)/map_files/\(start)-\(end)"
      if let status = FileStatus(path: link) { return image(link, status) }
    }
    let program = "/proc/\(process)/exe"
    if let status = FileStatus(path: program), mapping.isOf(status) {
      return image(program, status)
    }
    for name in names(of: mapping, in: process) {
      // The file may have been replaced since.
      if let status = FileStatus(path: name),
        mapping.isOf(status) || hasSameCode(name, mapping, memory)
      {
        return image(name, status)
      }
    }
    return nil
  }

  /// By what names a mapping's file may be found. The kernel writes its path as seen from the reader's
  /// root, or from the root of the process's mount namespace where the reader has another, and never
  /// from a root that the process was given by chroot(2).
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

  /// Whether a file has, where the mapping begins, what the mapping has in memory. Asked where the
  /// identities differ, which they do for some stacked filesystems (overlayfs, btrfs) anyway.
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
