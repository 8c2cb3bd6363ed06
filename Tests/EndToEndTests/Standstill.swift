internal import Foundation
internal import TestSupport

/// Runs programs that come to a standstill, with a deadline that comes well after it.
///
/// How long a program needs until it stands still depends on the machine. So it says when it is
/// about to wait for good. If the deadline came too soon after that, the run is repeated with a
/// longer one: no test judges a run that was surveyed too early.
enum Standstill {
  /// The least time from the last place to the deadline, in seconds. Whether the tree moves is
  /// measured in the last half second (`Deadline`).
  private static let margin = 1.5

  /// A Python module: `in_place()` is to be called by each thread that is about to wait for good.
  static let module = """
    import time

    def in_place():
        with open("in-place", "a") as file:
            file.write("%.6f\\n" % time.time())

    """

  /// The same for C programs.
  static let function = """
    static void in_place(void) {
      struct timespec now;
      FILE *file = fopen("in-place", "a");
      need(file && clock_gettime(CLOCK_REALTIME, &now) == 0);
      fprintf(file, "%ld.%09ld\\n", (long)now.tv_sec, now.tv_nsec);
      fclose(file);
    }

    """

  /// Calls `body` with options that set a deadline, until the deadline came late enough.
  ///
  /// - Parameter places: How many threads call `in_place`.
  /// - Parameter folder: The program's working folder.
  static func run<Result>(
    places: Int, in folder: ScratchFolder, _ body: ([String]) throws -> Result
  ) throws -> Result {
    var said: [Double] = []
    for seconds in [4.0, 8, 16, 32] {
      try? FileManager.default.removeItem(atPath: folder.file("in-place"))
      let begin = Date().timeIntervalSince1970
      let result = try body(["--timeout", "\(Int(seconds))"])
      said = (folder.read("in-place") ?? "").split(separator: "\n").compactMap { Double($0) }
      if said.count == places, let last = said.max(), last + margin <= begin + seconds {
        return result
      }
    }
    throw TooLate(places: places, said: said)
  }

  /// The program didn't come to its standstill.
  struct TooLate: Error, CustomStringConvertible {
    let places: Int
    let said: [Double]

    var description: String {
      "\(said.count) of \(places) threads were in place, or too late even for the longest deadline"
    }
  }
}
