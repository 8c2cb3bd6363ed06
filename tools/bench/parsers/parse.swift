// Decodes each line of a file with FoundationEssentials' JSONDecoder:  parse FILE
import FoundationEssentials
import Glibc

struct Line: Decodable {
  var k: String
  var seq: UInt64?
  var t: UInt64?
  var pid: Int32?
  var path: String?
}

let decoder = JSONDecoder()
var good = 0
while let line = readLine() {
  if (try? decoder.decode(Line.self, from: Data(line.utf8))) != nil { good += 1 }
}
print(good)
