import Foundation
import TestSupport
import Testing

@testable import Input

struct InputTests {
  private let folder: ScratchFolder
  /// Larger than all buffers, and of a kind that doesn't vanish when compressed.
  private let content: [UInt8] = {
    var state: UInt64 = 42
    return (0..<300_000).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return UInt8(ascii: "a") + UInt8(state >> 60)
    }
  }()

  init() throws {
    folder = try ScratchFolder()
  }

  private func contents(_ name: String) throws -> (bytes: [UInt8], error: InputError?) {
    let input: Input
    do {
      input = try Input(FileSource(path: folder.file(name)))
    } catch {
      return ([], error)
    }
    #expect(content.starts(with: input.beginning))
    var result: [UInt8] = []
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 10_007, alignment: 1)
    defer { buffer.deallocate() }
    do {
      while true {
        let count = try input.read(into: buffer)
        if count == 0 { return (result, nil) }
        result += buffer[..<count]
      }
    } catch {
      return (result, error)
    }
  }

  private func compress(_ command: String) throws {
    let outcome = try ChildProcess.run(["/bin/sh", "-c", command], in: folder.path)
    try #require(outcome.ending == "status 0")
  }

  @Test(arguments: [
    "cat plain > x", "gzip -c plain > x", "zstd -qc plain > x",
    "(head -c 1000 plain | gzip -c; tail -c +1001 plain | gzip -c) > x",
    "(head -c 1000 plain | zstd -qc; tail -c +1001 plain | zstd -qc) > x",
  ])
  func `an input gives its contents`(command: String) throws {
    _ = try folder.file("plain", content)
    try compress(command)
    let (bytes, error) = try contents("x")
    #expect(bytes == content)
    #expect(error == nil)
  }

  @Test func `the beginning is more than the bytes that show the compression`() throws {
    let text = Array("{\n  ".utf8) + content
    _ = try folder.file("x", text)
    let input = try Input(FileSource(path: folder.file("x")))
    #expect(input.beginning.count > 1000)
    #expect(text.starts(with: input.beginning))
  }

  @Test(arguments: ["gzip -c plain", "zstd -qc plain"])
  func `torn input is read up to its end`(command: String) throws {
    _ = try folder.file("plain", content)
    try compress("\(command) | head -c 100000 > x")
    let (bytes, error) = try contents("x")
    #expect(content.starts(with: bytes))
    #expect(bytes.count > 100_000)
    #expect(error == .torn)
  }

  @Test(arguments: ["gzip -c plain", "zstd -qc plain"])
  func `damaged input is read up to the damage`(command: String) throws {
    _ = try folder.file("plain", content)
    try compress(
      "\(command) > x; printf XXXXXXXXXXXXXXXX | dd of=x bs=1 seek=90000 conv=notrunc 2>&1")
    let (bytes, error) = try contents("x")
    #expect(bytes.count > 10_000)
    #expect(error != nil)
  }

  @Test func `an empty input is empty, a missing one is an error`() throws {
    _ = try folder.file("empty", [])
    #expect(try contents("empty").bytes.isEmpty)
    #expect(try contents("missing").error == .system(ENOENT))
    #expect(try contents(".").error == .system(EISDIR))
  }
}
