internal import ArgumentParser
internal import Input

/// The option for what compressed files may unpack to.
struct UnpackOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      How much a compressed FILE may unpack to, as 500M or 4G. Without this option: 1G, and not more \
      than 200 times its size if it is more than 64M.
      """, valueName: "size"))
  var maxUnpacked: ByteCount?

  var limit: UnpackLimit { maxUnpacked.map { UnpackLimit(size: $0.bytes) } ?? UnpackLimit() }

  /// A number of bytes, with one of the units K, M, G and T, also as KiB or KB: powers of 1024.
  struct ByteCount: ExpressibleByArgument {
    let bytes: Int

    init?(argument: String) {
      let suffix = ["iB", "B"].first(where: argument.hasSuffix) ?? ""
      let argument = String(argument.dropLast(suffix.count))
      let units = [("K", 10), ("M", 20), ("G", 30), ("T", 40)]
      let unit = units.first { argument.hasSuffix($0.0) }
      guard let count = Int(unit == nil ? argument : String(argument.dropLast())), count > 0,
        count <= Int.max >> (unit?.1 ?? 0)
      else { return nil }
      bytes = count << (unit?.1 ?? 0)
    }
  }
}
