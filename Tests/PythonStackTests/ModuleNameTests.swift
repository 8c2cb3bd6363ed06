import Testing
import TraceModel

@testable import PythonStack

struct ModuleNameTests {
  @Test(arguments: MeasuredBuild.all, [true, false])
  func `name is found`(build: MeasuredBuild, hasTextKeys: Bool) {
    var process = FakeProcess(build)
    let globals = process.addGlobals(name: "__mp_main__", hasTextKeys: hasTextKeys)
    #expect(build.offsets.moduleName(globals: globals, in: &process.memory) == "__mp_main__")
  }

  @Test(arguments: MeasuredBuild.all)
  func `other dictionaries have none`(build: MeasuredBuild) {
    var process = FakeProcess(build)
    #expect(build.offsets.moduleName(globals: 0, in: &process.memory) == nil)
    #expect(build.offsets.moduleName(globals: .max - 3, in: &process.memory) == nil)
    let globals = process.addGlobals(name: "name")
    switch build.offsets.dictionary {
    case .keys(let keys, let values):
      process.memory.poke(1, at: globals + UInt64(values))
      #expect(build.offsets.moduleName(globals: globals, in: &process.memory) == nil)
      process.memory.poke(0, at: globals + UInt64(values))
      process.memory.poke(0x77_0000, at: globals + UInt64(keys))
      #expect(build.offsets.moduleName(globals: globals, in: &process.memory) == nil)
    case .slots(_, let table):
      process.memory.poke(0x77_0000, at: globals + UInt64(table))
      #expect(build.offsets.moduleName(globals: globals, in: &process.memory) == nil)
    }
  }

  /// `__name__ = 1`: an object of another type may contain anything at the offset of a text's
  /// characters.
  @Test(arguments: MeasuredBuild.all)
  func `a name that isn't text isn't used`(build: MeasuredBuild) throws {
    var process = FakeProcess(build)
    let name = process.addText("other")
    let globals = process.addGlobals(name: name)
    #expect(build.offsets.moduleName(globals: globals, in: &process.memory) == "other")
    process.memory.poke(
      0x77_0000, at: name + UInt64(build.offsets.text?.length ?? build.offsets.bytes.size) - 8)
    #expect(build.offsets.moduleName(globals: globals, in: &process.memory) == nil)
  }

  @Test func `large table is searched by its hash`() throws {
    let build = try #require(MeasuredBuild.all.first { $0.version.major == 2 })
    guard case .slots(let mask, let table) = build.offsets.dictionary else {
      Issue.record("2.7 has another kind of dictionary")
      return
    }
    let hash: UInt64 = 0xfae3_f4fd_3cfa_8ed9
    var process = FakeProcess(build)
    let globals = process.addGlobals(name: "name")
    var slots = [UInt8](repeating: 0, count: 4096 * 24)
    let slot = Int(hash & 4095) * 24
    slots.put(hash, at: slot)
    slots.put(process.addText("__name__"), at: slot + 8)
    slots.put(process.addText("a"), at: slot + 16)
    process.memory.poke(4095, at: globals + UInt64(mask))
    process.memory.poke(process.add(slots), at: globals + UInt64(table))
    process.memory.readCount = 0
    #expect(build.offsets.moduleName(globals: globals, in: &process.memory) == "a")
    #expect(process.memory.readCount < 10)
  }

  @Test func `absurd sizes end`() {
    for build in MeasuredBuild.all {
      guard case .keys(let keys, _) = build.offsets.dictionary else { continue }
      for byte: UInt8 in [0, 1, 31, 0xff] {
        var process = FakeProcess(build)
        let globals = process.addGlobals(name: "name")
        let table = process.add([UInt8](repeating: byte, count: 1 << 16))
        process.memory.poke(table, at: globals + UInt64(keys))
        process.memory.readCount = 0
        _ = build.offsets.moduleName(globals: globals, in: &process.memory)
        #expect(process.memory.readCount < 1000)
      }
    }
  }
}
