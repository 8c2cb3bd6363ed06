// Reads hostile bytes as a log of strace. Nothing may trap, and bytes in other pieces must be read in the same way.
import Analysis
import Diagnostics
import TraceModel

@testable import StraceLog

/// libFuzzer calls this for each input. The first byte is the size of the pieces.
@_cdecl("LLVMFuzzerTestOneInput")
func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let input = UnsafeRawBufferPointer(start: start, count: count)
  guard let first = input.first else { return 0 }
  let bytes = UnsafeRawBufferPointer(rebasing: input.dropFirst())
  _ = StraceRecognition(Array(bytes.prefix(4096)))

  var judged = Judged(isFromLog: true)
  for event in read(bytes, piece: .max) { judged.observe(event) }
  precondition(read(bytes, piece: Int(first) + 1) == judged.events)
  judged.renderAll()
  return 0
}

private func read(_ bytes: UnsafeRawBufferPointer, piece: Int) -> [Event] {
  var reader = StraceReader()
  var events: [Event] = []
  var rest = bytes[...]
  while !rest.isEmpty {
    reader.read(UnsafeRawBufferPointer(rebasing: rest.prefix(piece))) { events.append($0) }
    rest = rest.dropFirst(piece)
  }
  reader.finish { events.append($0) }
  for limitation in reader.limitations { _ = Limitation.log(limitation).sentence }
  var sequence: UInt64 = 0
  for event in events {
    sequence += 1
    precondition(event.sequence == sequence)
  }
  return events
}
