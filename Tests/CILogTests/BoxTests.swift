import CILog
import Testing
import TraceModel

/// Tracebacks in rich's boxes.
struct BoxTests {
  /// With the frames of a suppressed package one below the other.
  private static let box = """
    ╭──────────────── Traceback (most recent call last) ─────────────────╮
    │ <string>:1 in <module>                                             │
    │                                                                    │
    │ /usr/lib/python3.12/multiprocessing/spawn.py:122 in spawn_main     │
    │ /usr/lib/python3.12/multiprocessing/spawn.py:297 in                │
    │ _fixup_main_from_path                                              │
    │                                                                    │
    │ /w/main.py:21 in <module>                                          │
    │                                                                    │
    │   18                                                               │
    │ ❱ 21 pool = Pool(4)                                                │
    │   22                                                               │
    │                                                                    │
    │ /usr/lib/python3.12/multiprocessing/context.py:119 in Pool         │
    │ /usr/lib/python3.12/multiprocessing/popen_spawn_posix.py:42 in     │
    │ _launch                                                            │
    │ /usr/lib/python3.12/multiprocessing/spawn.py:164 in                │
    │ get_preparation_data                                               │
    │ /usr/lib/python3.12/multiprocessing/spawn.py:140 in                │
    │ _check_not_importing_main                                          │
    ╰────────────────────────────────────────────────────────────────────╯

    """

  @Test func `frames without a line between them are all read`() throws {
    let reading = (Self.box + Worker.message).reading
    #expect(reading.faults.count == 1)
    #expect(reading.quotations == 0)
    let fault = try #require(reading.faults.first)
    #expect(fault.culprit?.path == "/w/main.py")
    #expect(fault.culprit?.line == 21)
    #expect(fault.culprit?.source?.line == "pool = Pool(4)")
    #expect(fault.startMethod == .spawn)
    #expect(fault.frames.count == 8)
  }
}
