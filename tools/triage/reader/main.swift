// Prints what the reader of CI logs reads: one JSON object a line for each file that is named, with the time that
// it took. tools/triage/logs.py scores these.
import CILog
import Glibc
import TraceModel

func quoted(_ text: String?) -> String {
  guard let text else { return "null" }
  var result = "\""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\"": result += "\\\""
    case "\\": result += "\\\\"
    case _ where scalar.value < 0x20:
      let digits = String(scalar.value, radix: 16)
      result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result + "\""
}

func place(_ frame: PythonFrame?) -> String {
  guard let frame else { return "null" }
  return "{\"path\":\(quoted(frame.path)),\"line\":\(frame.line.map(String.init) ?? "null"),"
    + "\"function\":\(quoted(frame.function)),\"text\":\(quoted(frame.source?.line))}"
}

func object(_ fault: LogFault) -> String {
  let frames = fault.frames.map { place($0) }.joined(separator: ",")
  return "{\"rule\":\(quoted(fault.rule)),\"message\":\(quoted(fault.message)),"
    + "\"culprit\":\(place(fault.culprit)),\"callSite\":\(place(fault.callSite)),"
    + "\"script\":\(quoted(fault.script)),\"startMethod\":\(quoted(fault.startMethod?.rawValue)),"
    + "\"python\":\(quoted(fault.python?.description)),\"isWhole\":\(fault.isWhole),"
    + "\"count\":\(fault.count),\"fingerprint\":\(quoted(fault.fingerprint)),"
    + "\"firstSeen\":\(quoted(fault.firstSeen?.description)),\"frames\":[\(frames)]}"
}

for path in CommandLine.arguments.dropFirst() {
  let descriptor = open(path, O_RDONLY)
  guard descriptor >= 0 else { fatalError("can't open \(path)") }
  var reader = CILogReader()
  var buffer = [UInt8](repeating: 0, count: 65_536)
  var start = timespec()
  var end = timespec()
  clock_gettime(CLOCK_MONOTONIC, &start)
  while true {
    let count = buffer.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
    guard count > 0 else { break }
    buffer.withUnsafeBytes { reader.read(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
  }
  close(descriptor)
  let reading = reader.finish()
  clock_gettime(CLOCK_MONOTONIC, &end)
  let milliseconds =
    (end.tv_sec - start.tv_sec) * 1000 + (end.tv_nsec - start.tv_nsec) / 1_000_000
  let troubles = reading.troubles.sorted { $0.key.rawValue < $1.key.rawValue }
    .map { "\(quoted($0.key.rawValue)):\($0.value)" }.joined(separator: ",")
  let passed = reading.passed.map { $0 ? "true" : "false" } ?? "null"
  print(
    "{\"path\":\(quoted(path)),\"faults\":[\(reading.faults.map { object($0) }.joined(separator: ","))],"
      + "\"placeless\":\(reading.placelessMessages),\"quotations\":\(reading.quotations),"
      + "\"troubles\":{\(troubles)},\"roots\":[\(reading.roots.map { quoted($0) }.joined(separator: ","))],"
      + "\"commands\":[\(reading.commands.map { quoted($0) }.joined(separator: ","))],"
      + "\"firstSeen\":\(quoted(reading.firstSeen?.description)),"
      + "\"lastSeen\":\(quoted(reading.lastSeen?.description)),\"passed\":\(passed),"
      + "\"lines\":\(reading.lines),\"milliseconds\":\(milliseconds)}")
}
