import Multiprocessing
import Testing
import TraceModel

/// A name that a worker did not find, and where it is defined.
struct NameDefinitionTests {
  @Test(
    arguments: [
      ("def work(): pass\n", 1, nil),
      ("if __name__ == '__main__':\n    class work:\n        pass\n", 2, nil),
      ("def main():\n    global work\n    def work(): pass\n", 3, nil),
      ("work = partial(f)\n", 1, nil),
      ("work: int = 1\n", 1, nil),
      ("async def work(): pass\ndel work\n", 1, 2),
      ("def work(): pass\ndel (other, work)\n", 1, 2),
      ("def work(): pass\nif __name__ == '__main__':\n    def work(): pass\n", 3, nil),
      ("def work(): pass\nif __name__ != '__main__':\n    del work\n", 1, 3),
      ("def work(): pass\nif __name__ == '__main__':\n    del work\n", 1, nil),
      ("def work(): pass\ndel workers\n", 1, nil),
      ("work == 1\nworker = 2\n", nil, nil),
      ("'''\ndef work(): pass\n'''\n", nil, nil),
    ] as [(String, Int?, Int?)])
  func `the definition that a worker lacks`(text: String, line: Int?, deleted: Int?) {
    let place = NameDefinition.find("work", in: Array(text.utf8))
    #expect(place?.line == line && place?.deletedAt == deleted, "\(text)")
  }

  @Test(
    arguments: [
      (
        "Can't get attribute 'Job.run' on <module '__mp_main__' from '/w/main.py'>", "Job",
        "__mp_main__", "/w/main.py"
      ),
      ("Can't get attribute 'f' on <module '__main__' (built-in)>", "f", "__main__", nil),
      ("module '__mp_main__' has no attribute 'f'", "f", "__mp_main__", nil),
      ("'NoneType' object has no attribute 'f'", nil, nil, nil),
    ] as [(String, String?, String?, String?)])
  func `the messages of every version`(
    message: String, name: String?, module: String?, path: String?
  ) {
    let lookup = FailedLookup(message: message)
    #expect(lookup?.name == name && lookup?.module == module && lookup?.path == path)
    #expect(FailedLookup(text: "x\nAttributeError: \(message)\n")?.name == name)
  }
}
