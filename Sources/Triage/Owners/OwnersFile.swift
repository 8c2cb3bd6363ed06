internal import Bytes
package import Input
internal import Runs

/// The file that owners are read from.
package enum OwnersFile {
  /// Where a repository has it; the first one that exists counts.
  package static let places = [
    "CODEOWNERS", ".github/CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS",
  ]

  /// Reads the file of a folder; nil if it has none.
  package static func owners(inFolder folder: String = ".") throws(InputError) -> CodeOwners? {
    for place in places {
      let path = folder == "." ? place : folder + "/" + place
      do throws(InputError) {
        return try owners(atPath: path)
      } catch {
        if error.isAbsence { continue }
        throw error
      }
    }
    return nil
  }

  /// Reads a file.
  package static func owners(atPath path: String) throws(InputError) -> CodeOwners {
    let bytes = try PositionedFile(path: path).bytes(at: 0, count: CodeOwners.largestSize + 1)
    guard bytes.count <= CodeOwners.largestSize else { throw .refused("it has more than 3 MiB") }
    return CodeOwners(bytes)
  }
}
