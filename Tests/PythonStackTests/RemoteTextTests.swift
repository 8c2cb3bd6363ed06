import Bytes
import Testing

@testable import PythonStack

struct RemoteTextTests {
  @Test(
    arguments: MeasuredBuild.all,
    [
      "", "plain", "caf\u{e9}", "\u{416}\u{4e2d}\u{ffff}", "\u{1d4d0}a\u{10ffff}",
      String(repeating: "path/", count: 300), String(repeating: "\u{e9}", count: 200),
      String(repeating: "\u{4e2d}", count: 5000),
    ])
  func `text is decoded`(build: MeasuredBuild, text: String) {
    var process = FakeProcess(build)
    let address = process.addText(text)
    #expect(
      build.offsets.text(at: address, in: &process.memory)?.exactBytes == Array(text.utf8))
  }

  @Test func `surrogates are bytes or replaced`() throws {
    let text = try #require(MeasuredBuild.python312.offsets.text)
    let ucs2 = try #require(
      TextEncoding(state: 2 << UInt32(text.kindMask.trailingZeroBitCount), text))
    #expect(ucs2 == .ucs2)
    let bytes: [UInt8] = [0x80, 0xdc, 0x41, 0x00, 0x3d, 0xd8, 0x00, 0xde]
    let kept = String(exactly: [0x80])
    #expect(bytes.withUnsafeBytes(ucs2.decode) == kept + "A\u{fffd}\u{fffd}")
    let large: [UInt8] = [0, 0, 0x11, 0, 0x42, 0, 0, 0]
    #expect(large.withUnsafeBytes(TextEncoding.ucs4.decode) == "\u{fffd}B")
  }

  @Test func `text behind a pointer is decoded`() throws {
    for build in MeasuredBuild.all {
      guard let layout = build.offsets.text else { continue }
      var process = FakeProcess(build)
      let data = process.add(Array("elsewhere".utf8))
      var object = [UInt8](repeating: 0, count: layout.compactSize + 8)
      object.put(9 as UInt64, at: layout.length)
      object.put(
        UInt32(1) << UInt32(layout.kindMask.trailingZeroBitCount) | layout.asciiMask,
        at: layout.state)
      object.put(data, at: layout.compactSize)
      let address = process.add(object)
      #expect(build.offsets.text(at: address, in: &process.memory) == "elsewhere")
    }
  }

  @Test(arguments: MeasuredBuild.all)
  func `broken text is none`(build: MeasuredBuild) {
    var process = FakeProcess(build)
    let offsets = build.offsets
    let address = process.addText("hello")
    let length = UInt64(offsets.text?.length ?? offsets.bytes.size)
    for absurd in [65_537, 1 << 40, UInt64.max, 1 << 63] {
      process.memory.poke(absurd, at: address + length)
      #expect(offsets.text(at: address, in: &process.memory) == nil)
    }
    // A plausible length that leads beyond the mapped memory.
    process.memory.poke(60_000, at: address + length)
    #expect(offsets.text(at: address, in: &process.memory) == nil)
    #expect(offsets.text(at: 0, in: &process.memory) == nil)
    #expect(offsets.text(at: .max, in: &process.memory) == nil)
    if let text = offsets.text {
      let broken = process.addText("hello")
      process.memory.poke(0, at: broken + UInt64(text.state))
      #expect(offsets.text(at: broken, in: &process.memory) == nil)
    }
  }
}
