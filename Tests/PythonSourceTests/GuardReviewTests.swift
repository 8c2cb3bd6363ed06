import PythonSource
import Testing

/// When an edit needs a review, and edits of frozen programs.
struct GuardReviewTests {
  @Test func `a worker's function that needs what moved`() {
    let text = "c = q()\ndef g(): return c\ndef f(x): return g()\np.map(f, [1])\n"
    #expect(doubts(text, line: 1) == [.workersNeed(name: "c", line: 2)])
  }

  @Test func `a function that only the first process calls may need what moved`() {
    #expect(doubts("c = q()\ndef main(): return c\nmain()\n", line: 1).isEmpty)
    #expect(doubts("c = q()\ndef f():\n  c = 1\n  return c\np.map(f, [1])\n", line: 1).isEmpty)
  }

  @Test func `a class's methods may run in workers`() {
    let text = "c = q()\nclass A:\n  def run(self): c.x()\nA().start()\n"
    #expect(doubts(text, line: 1) == [.workersNeed(name: "c", line: 2)])
  }

  @Test func `a function that a kept definition calls at once`() {
    let text = "c = q()\ndef register(f): c.add(f)\n@register\ndef f(): pass\n"
    #expect(doubts(text, line: 1) == [.workersNeed(name: "c", line: 2)])
  }

  @Test func `a name that is bound above, too, has another value in workers`() {
    #expect(
      doubts("c = None\nc = q()\ndef f(x): return c\np.map(f, [1])\n", line: 2)
        == [.workersNeed(name: "c", line: 3)])
  }

  @Test func `a global name that a function sets which only the first process calls`() {
    let text = "def f(x): return c\ndef main():\n  global c\n  c = 1\n  p.map(f, [1])\nmain()\n"
    #expect(doubts(text, line: 6) == [.workersNeed(name: "c", line: 1)])
  }

  @Test func `a definition in a block that moves`() {
    #expect(
      doubts("if x:\n  def f(x): pass\n  p.map(f)\n", line: 3)
        == [.movesDefinition(name: "f", line: 2)])
  }

  @Test(arguments: [
    "print(1)", "shutil.rmtree(x)", "x = uuid.uuid4()", "x = sys.stdin.read()", "t.start()",
    "with open(f) as g:\n  x = 1",
  ])
  func `what stands above and is executed again`(text: String) {
    let line = text.split(separator: "\n").count + 1
    #expect(doubts(text + "\np()\n", line: line) == [.repeats(line: 1)])
  }

  @Test(arguments: [
    "x = 1", "x = get_context('spawn')", "logging.basicConfig()", "sys.path.insert(0, x)",
    "parser = ArgumentParser()", "if sys.argv:\n  n = int(x)", "lock = Lock()",
  ])
  func `what stands above and is the same in each worker`(text: String) {
    let line = text.split(separator: "\n").count + 1
    #expect(doubts(text + "\np()\n", line: line).isEmpty)
  }

  @Test func `an object that workers must be handed`() {
    #expect(
      doubts("lock = m.Lock()\ndef f(): lock.acquire()\np()\n", line: 3)
        == [.ownCopy(name: "lock", line: 1)])
  }

  @Test func `a function that sets a name when it is called doesn't keep it for workers`() {
    let text = "c = q()\ndef s():\n  global c\n  c = 1\ndef f(x): return c\np.map(f, [1])\n"
    #expect(doubts(text, line: 1) == [.workersNeed(name: "c", line: 5)])
  }

  @Test func `a decorated function may run in workers`() {
    let text = "c = q()\n@a.task\ndef f(): return c\n"
    #expect(doubts(text, line: 1) == [.workersNeed(name: "c", line: 2)])
  }

  @Test func `star imports`() {
    #expect(doubts("p()\nfrom a import *\n", line: 1) == [.importsAll(line: 2)])
    #expect(doubts("from a import *\np()\n", line: 2).isEmpty)
  }

  @Test(arguments: ["await p()", "return", "x = yield", "async for x in y: await x"])
  func `what leaves the module`(text: String) {
    #expect(doubts(text, line: 1) == [.leavesModule(line: 1)])
  }

  @Test func `a definition that takes the name of another one`() {
    let text = "def f(): pass\np.map(f)\ndef f(): return 1\nf()\n"
    #expect(doubts(text, line: 2) == [.bindsAgain(name: "f", line: 3)])
  }

  @Test(arguments: ["shift_jis", "GBK", "utf-7", "cp932", "big5-hkscs"])
  func `encodings whose characters have bytes of the syntax`(name: String) {
    #expect(
      doubts("# vim: set fileencoding=\(name) :\np()\n", line: 2) == [.encoding(name.lowercased())])
  }

  @Test func `a culprit that is a definition`() {
    #expect(doubts("class A: p()\n", line: 1) == [.movesDefinition(name: "A", line: 1)])
  }

  @Test func `an import that moves takes names from workers`() {
    #expect(
      doubts("import a\ndef f(x): return a.b(x)\np.map(f)\n", line: 1) == [
        .workersNeed(name: "a", line: 2)
      ])
  }

  // MARK: Frozen programs

  @Test func `freeze_support becomes the guard's first statement`() {
    #expect(
      frozen("import multiprocessing as mp\nif __name__ == '__main__':\n    # a\n    a()\n")
        == "import multiprocessing as mp\nif __name__ == '__main__':\n    mp.freeze_support()\n    # a\n    a()\n"
    )
    #expect(
      frozen("from multiprocessing import Pool, freeze_support\nif __name__ == '__main__': a()\n")
        == "from multiprocessing import Pool, freeze_support\nif __name__ == '__main__':\n    freeze_support()\n    a()\n"
    )
  }

  @Test func `an import is added if there is none`() {
    #expect(
      frozen(
        "'''Doc.'''\nfrom __future__ import division\nimport a\nif __name__ == '__main__':\n  a()\n"
      )
        == "'''Doc.'''\nfrom __future__ import division\nimport multiprocessing\nimport a\n"
        + "if __name__ == '__main__':\n  multiprocessing.freeze_support()\n  a()\n")
    #expect(
      frozen("# a\np()\n", line: 2)
        == "import multiprocessing\nif __name__ == \"__main__\":\n    multiprocessing.freeze_support()\n    # a\n    p()\n"
    )
  }

  @Test func `a frozen program without a guard gets one`() {
    #expect(
      frozen("import multiprocessing.pool\np()\n", line: 2)
        == "import multiprocessing.pool\nif __name__ == \"__main__\":\n    multiprocessing.freeze_support()\n    p()\n"
    )
    #expect(
      frozen("import multiprocessing\np()\nif __name__ == '__main__':\n  a()\n", line: 2)
        == "import multiprocessing\nif __name__ == '__main__':\n  multiprocessing.freeze_support()\n  p()\n  a()\n"
    )
  }

  @Test func `a call that is there is enough`() {
    #expect(
      frozen(
        "import multiprocessing\nif __name__ == '__main__':\n  multiprocessing.freeze_support()\n")
        == "alreadyFreezes")
    #expect(frozen("p()\n") == "noGuard")
    #expect(
      edited("p()\nif __name__ == '__main__':\n  freeze_support()\n  a()\n", line: 1)
        == "if __name__ == '__main__':\n  freeze_support()\n  p()\n  a()\n")
  }
}
