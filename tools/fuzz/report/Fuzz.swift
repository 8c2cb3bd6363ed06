// Reads hostile bytes as a JSON report. Nothing may trap.
import JSON

@testable import Triage

/// libFuzzer calls this for each input.
@_cdecl("LLVMFuzzerTestOneInput")
func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let input = Array(UnsafeRawBufferPointer(start: start, count: count))
  _ = DocumentBeginning.isPossible(input)
  let padded = input + [UInt8](repeating: 0, count: JSONParser.padding)
  guard let parser = JSONParser() else { return 0 }
  let document = padded.withUnsafeBytes {
    parser.parse(UnsafeRawBufferPointer(rebasing: $0[..<input.count]))
  }
  guard let document else { return 0 }
  do {
    let report = try ReportedRun(document)
    precondition(Set(report.scripts).count == report.scripts.count)
    // Reading is a function of the bytes.
    let again = try ReportedRun(document)
    precondition(again == report)
  } catch {
    precondition(!error.reason.isEmpty)
  }
  withExtendedLifetime(parser) {}
  return 0
}
