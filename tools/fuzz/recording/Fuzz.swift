// Reads hostile bytes as a recording. Nothing may trap, bytes in other pieces must be read in the same way, and
// what was read can be written and read again.
import TraceModel

@testable import Recording

/// libFuzzer calls this for each input. The first byte is the size of the pieces.
@_cdecl("LLVMFuzzerTestOneInput")
func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let input = UnsafeRawBufferPointer(start: start, count: count)
  guard let first = input.first else { return 0 }
  let bytes = UnsafeRawBufferPointer(rebasing: input.dropFirst())

  let items = read(bytes, piece: .max)
  precondition(read(bytes, piece: Int(first) + 1) == items)

  var judged = Judged(isFromLog: false)
  var written: [UInt8] = []
  var recorder = Recorder {
    written += $0
    return true
  }
  for item in items {
    switch item {
    case .event(let event):
      judged.observe(event)
      recorder.write(event)
    case .header(let header): recorder.write(header)
    case .stop(let time):
      judged.stop()
      recorder.writeStop(at: time)
    case .fix(let fix): recorder.write(fix)
    case .end(let end): recorder.write(end)
    case .part, .other: break
    }
  }
  judged.renderAll()
  let again = written.withUnsafeBytes { read($0, piece: .max) }
  precondition(again.filter(isOfRun) == items.filter(isOfRun))
  return 0
}

private func isOfRun(_ item: RecordingItem) -> Bool {
  switch item {
  case .part, .other: false
  default: true
  }
}

private func read(_ bytes: UnsafeRawBufferPointer, piece: Int) -> [RecordingItem] {
  var reader = RecordingReader()
  var items: [RecordingItem] = []
  var rest = bytes[...]
  while !rest.isEmpty {
    reader.read(UnsafeRawBufferPointer(rebasing: rest.prefix(piece))) { items.append($0) }
    rest = rest.dropFirst(piece)
  }
  reader.finish()
  return items
}
