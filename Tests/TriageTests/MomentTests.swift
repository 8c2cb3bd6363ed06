import Testing
import Triage

struct MomentTests {
  @Test func `moments are in the order of time, whatever their zone`() throws {
    let texts = [
      "2026-11-23T02:40:28+01:00", "2026-11-23T01:40:28.478938Z", "2026-11-23T01:40:29Z",
      "2026-11-23T00:40:30-0100", "2026-12-01T00:00:00Z",
    ]
    let moments = try texts.map { try #require(Moment($0)) }
    #expect(moments.shuffled().sorted().map(\.text) == texts)
  }

  @Test(arguments: [
    "", "2026-11-23", "2026-13-23T01:40:28Z", "2026-11-23T25:40:28Z", "2026-11-23T01:40:28",
    "2026-11-23T01:40:28.Z", "2026-11-23T01:40:28+1", "yesterday at noon, perhaps",
  ])
  func `what is no RFC 3339 time is none`(text: String) {
    #expect(Moment(text) == nil)
  }
}
