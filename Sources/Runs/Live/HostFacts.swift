internal import Bytes
internal import Glibc

/// The machine, from `uname(2)` and `sysconf(3)`.
struct HostFacts {
  let name: String
  /// The kernel's release.
  let kernel: String
  let architecture: String
  let processorCount: Int

  init() {
    var facts = utsname()
    uname(&facts)
    func text<Field>(_ field: Field) -> String {
      withUnsafeBytes(of: field) { bytes in String(exactly: bytes.prefix { $0 != 0 }) }
    }
    name = text(facts.nodename)
    kernel = text(facts.release)
    architecture = text(facts.machine)
    processorCount = sysconf(Int32(_SC_NPROCESSORS_ONLN))
  }
}
