import Multiprocessing
import Testing

struct TrackerMessageTests {
  @Test func `probes and registrations, in both forms`() {
    #expect(TrackerMessage("PROBE:0:noop\n".utf8) == .probe)
    #expect(TrackerMessage(#"{"cmd":"PROBE","rtype":"noop"}"#.utf8) == .probe)
    #expect(TrackerMessage("REGISTER:/mp-x:semaphore\n".utf8) == .registration)
    #expect(TrackerMessage("UNREGISTER:/mp-x:semaphore\n".utf8) == .registration)
    #expect(TrackerMessage(#"{"cmd":"REGISTER"}"#.utf8) == .registration)
    #expect(TrackerMessage("thirteen char".utf8) == nil)
    #expect(TrackerMessage("".utf8) == nil)
  }

  @Test(arguments: [
    "PROBE:0:noop\n", "REGISTER:/mp-abcd_fgh\n", "UNREGISTER:/mp-abcd_fgh:semaphore\n",
    "REGISTER:/psm_abcdefgh:shared_memory\n", #"{"cmd":"PROBE","rtype":"noop"}"# + "\n",
    #"{"cmd":"REGISTER","rtype":"semaphore","base64_name":"L21wLWFiY2RlZmdo"}"# + "\n",
  ])
  func `each message has one of the lengths that a filter picks`(message: String) {
    #expect(TrackerMessage.lengths.contains(UInt32(message.utf8.count)))
  }
}
