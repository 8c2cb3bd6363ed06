internal import ELFImage
internal import LinuxProcess
internal import TraceModel

/// The code that a process has mapped, with its addresses.
///
/// A child of fork begins with a copy: the same files at the same addresses.
struct ProcessCode {
  /// An executable mapping, and its file once that was needed.
  struct Mapping {
    let facts: ExecutableMapping
    /// The path, or a name in brackets; nil for memory without a name.
    let path: String?
    var file: File?

    struct File {
      /// The file's image; nil if it couldn't be read.
      let image: NativeImage?
      /// The number that was added to the file's addresses.
      let bias: UInt64
    }

    init(facts: ExecutableMapping, file: File?) {
      self.facts = facts
      self.file = file
      path = facts.path.isEmpty ? nil : facts.path
    }
  }

  private(set) var mappings: [Mapping] = []
  /// The time of the last use, on the reader's clock.
  var lastUse: UInt64 = 0

  /// The index in `mappings` of the one that contains an address; nil if none does.
  func index(of address: UInt64) -> Int? {
    var low = 0
    var high = mappings.count
    while low < high {
      let middle = (low + high) / 2
      if mappings[middle].facts.range.upperBound <= address {
        low = middle + 1
      } else {
        high = middle
      }
    }
    return low < mappings.count && mappings[low].facts.range.contains(address) ? low : nil
  }

  /// The file of the mapping at `index`.
  mutating func file(
    at index: Int, of process: ProcessID, _ store: ImageStore, _ memory: PagedMemory
  ) -> Mapping.File {
    if let known = mappings[index].file { return known }
    let facts = mappings[index].facts
    var file = Mapping.File(image: nil, bias: 0)
    if let image = store.image(of: facts, in: process, memory),
      let bias = image.bias(ofMappingAt: facts.range.lowerBound, fileOffset: facts.fileOffset)
    {
      file = Mapping.File(image: image, bias: bias)
    }
    mappings[index].file = file
    return file
  }

  /// Reads the mappings again, from /proc/PID/maps, and keeps the files of those that haven't
  /// changed.
  ///
  /// Costs some 100 us.
  mutating func update(of process: ProcessID) {
    guard let bytes = ProcessFolder(process).maps else { return }
    let known = Dictionary(
      mappings.map { ($0.facts, $0.file) }, uniquingKeysWith: { first, _ in first })
    mappings = MemoryMappings.executable(in: bytes).map {
      Mapping(facts: $0, file: known[$0] ?? nil)
    }
  }
}
