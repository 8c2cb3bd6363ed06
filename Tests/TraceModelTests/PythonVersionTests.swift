import Testing
import TraceModel

struct PythonVersionTests {
  @Test func `PY_VERSION_HEX, with its level and serial left out`() {
    #expect(PythonVersion(hex: 0x030d_00f0) == PythonVersion(major: 3, minor: 13, micro: 0))
    #expect(PythonVersion(hex: 0x0308_12f0) == PythonVersion(major: 3, minor: 8, micro: 18))
    #expect(PythonVersion(hex: 0x030f_02a1) == PythonVersion(major: 3, minor: 15, micro: 2))
    #expect(PythonVersion(hex: 0xffff_ffff) == PythonVersion(major: 255, minor: 255, micro: 255))
  }

  @Test func `what isn't known isn't said`() {
    #expect(PythonVersion(major: 3, minor: 13, micro: 0).description == "3.13.0")
    #expect(PythonVersion(major: 3, minor: 13).description == "3.13")
  }

  @Test func `versions are ordered by numbers, not by text`() {
    let ascending = [
      PythonVersion(major: 2, minor: 7, micro: 18), PythonVersion(major: 3, minor: 6, micro: 15),
      PythonVersion(major: 3, minor: 9), PythonVersion(major: 3, minor: 10, micro: 1),
      PythonVersion(major: 3, minor: 10, micro: 13), PythonVersion(major: 3, minor: 11),
    ]
    #expect(ascending.shuffled().sorted() == ascending)
    #expect(zip(ascending, ascending.dropFirst()).allSatisfy { !($1 < $0) })
  }
}
