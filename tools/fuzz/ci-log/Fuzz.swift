// Reads hostile bytes as a CI log. Nothing may trap, and bytes in other pieces must be read in the same way.
import CILog
import TraceModel

/// libFuzzer calls this for each input. The first byte is the size of the pieces.
@_cdecl("LLVMFuzzerTestOneInput")
func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let input = UnsafeRawBufferPointer(start: start, count: count)
  guard let first = input.first else { return 0 }
  let bytes = UnsafeRawBufferPointer(rebasing: input.dropFirst())
  _ = LogRecognition(bytes)
  let reading = read(bytes, piece: .max)
  precondition(read(bytes, piece: Int(first) + 1) == reading)
  for fault in reading.faults {
    precondition(fault.count > 0)
    // A culprit is a frame of the traceback; an own report has only its place.
    if case .ownReport = fault.kind { continue }
    for place in [fault.culprit, fault.callSite].compactMap(\.self) {
      precondition(fault.frames.contains { $0.path == place.path && $0.line == place.line })
    }
  }
  if let time = reading.firstSeen, let last = reading.lastSeen { precondition(time <= last) }
  _ = reading.firstSeen?.description
  return 0
}

private func read(_ bytes: UnsafeRawBufferPointer, piece: Int) -> LogReading {
  var reader = CILogReader()
  var rest = bytes[...]
  while !rest.isEmpty {
    reader.read(UnsafeRawBufferPointer(rebasing: rest.prefix(piece)))
    rest = rest.dropFirst(piece)
  }
  return reader.finish()
}
