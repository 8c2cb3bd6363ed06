import Foundation
import Testing

/// The reports' texts are those of the files under Snapshots/. `tools/snapshots` renews the files.
@Suite(.serialized)
struct SnapshotTests {
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("Snapshots")
  private static let isRenewing =
    ProcessInfo.processInfo.environment["RENEW_SNAPSHOTS"] != nil

  private static func file(_ name: String) -> URL {
    folder.appendingPathComponent(name + ".txt")
  }

  @Test func `no name is used twice`() {
    #expect(Set(Snapshots.all.map(\.name)).count == Snapshots.all.count)
  }

  @Test(.enabled(if: isRenewing))
  func `the files are renewed`() throws {
    try? FileManager.default.removeItem(at: Self.folder)
    try FileManager.default.createDirectory(at: Self.folder, withIntermediateDirectories: true)
    for snapshot in Snapshots.all {
      try Data(snapshot.text.utf8).write(to: Self.file(snapshot.name))
    }
  }

  @Test(arguments: Snapshots.all.map(\.name))
  func `each text is its file's`(name: String) throws {
    let snapshot = try #require(Snapshots.all.first { $0.name == name })
    let data = try #require(
      FileManager.default.contents(atPath: Self.file(name).path), "there is no file \(name).txt")
    #expect(
      snapshot.text == String(decoding: data, as: UTF8.self),
      "if this text is as it should be: tools/snapshots")
  }

  @Test func `each file has a text`() throws {
    let files = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path)
    #expect(Set(files) == Set(Snapshots.all.map { $0.name + ".txt" }))
  }
}
