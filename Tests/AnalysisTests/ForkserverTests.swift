import Analysis
import TestSupport
import Testing
import TraceModel

/// The process that asked for a forkserver's worker: the client, and of several the next one.
struct ForkserverTests {
  @Test func `a client, its server and its workers`() {
    var list = EventList()
    list.main(100, "main.py")
    list.resourceTracker(100, 101)
    list.forkserver(100, 102, at: "/tmp/pymp-a/listener-b")
    for worker in Int32(103)...104 {
      list.connect(100, "/tmp/pymp-a/listener-b")
      list.fork(102, worker)
    }
    let records = list.records
    #expect(
      records.map(\.role) == [
        .main, .resourceTracker, .forkserver, .forkserverWorker, .forkserverWorker,
      ])
    #expect(records.map(\.parent) == [nil, 1, 1, 3, 3])
    #expect(records.map(\.logicalParent) == [nil, 1, 1, 1, 1])
    #expect(records.map(\.startMethod) == [nil, nil, nil, .forkserver, .forkserver])
  }

  @Test func `two clients of one server, forks in the order in which they asked`() {
    var list = EventList()
    list.main(100, "main.py")
    list.forkserver(100, 102, at: "/tmp/s")
    list.fork(100, 101)
    list.connect(101, "/tmp/s")
    list.connect(100, "/tmp/s")
    list.connect(101, "/tmp/s")
    for worker in Int32(103)...105 { list.fork(102, worker) }
    // Ids: main 1, server 2, the fork 3.
    #expect(list.records.suffix(3).map(\.logicalParent) == [3, 1, 3])
  }

  @Test func `each server has clients of its own`() {
    var list = EventList()
    list.main(100, "main.py")
    list.forkserver(100, 101, at: "/tmp/a")
    list.connect(100, "/tmp/a")
    list.fork(101, 102)
    list.forkserver(102, 103, at: "/tmp/b")
    list.connect(102, "/tmp/b")
    list.connect(100, "/tmp/a")
    list.fork(103, 104)
    list.fork(101, 105)
    // Ids: main 1, its server 2, worker 3, the worker's server 4, and a worker of each.
    #expect(list.records.map(\.logicalParent) == [nil, 1, 1, 3, 3, 1])
    #expect(list.records.map(\.parent) == [nil, 1, 2, 3, 4, 2])
  }

  @Test
  func `a client that asks before its server has executed its program (fork, Python 3.6 to 3.9)`() {
    var list = EventList()
    list.main(100, "main.py")
    list.fork(100, 101)
    list.bind(100, "/tmp/s")
    list.fork(100, 102)
    list.connect(100, "/tmp/s")
    list.python(
      102, "-c", "from multiprocessing.forkserver import main; main(7, 8, ['__main__'], **{})")
    list.connect(101, "/tmp/s")
    list.fork(102, 103)
    list.fork(102, 104)
    #expect(list.records.suffix(2).map(\.logicalParent) == [1, 2])
  }

  @Test func `a worker without a known client belongs to the server's starter`() {
    var list = EventList()
    list.main(100, "main.py")
    list.forkserver(100, 101, at: "/tmp/s")
    list.fork(101, 102)
    #expect(list.records.last?.logicalParent == 1)
  }

  @Test func `sockets of other programs don't count`() {
    var list = EventList()
    list.main(100, "main.py")
    list.connect(100, "/run/user/0/bus")
    list.forkserver(100, 101, at: "/tmp/s")
    list.fork(100, 102)
    list.connect(102, "/run/user/0/bus")
    list.connect(102, "\0abstract")
    list.connect(100, "/tmp/s")
    list.fork(101, 103)
    #expect(list.records.last?.logicalParent == 1)
  }

  @Test func `a client that has ended while its worker was being made`() {
    var list = EventList()
    list.main(100, "main.py")
    list.forkserver(100, 101, at: "/tmp/s")
    list.fork(100, 102)
    list.connect(102, "/tmp/s")
    list.exit(102)
    list.fork(101, 103)
    #expect(list.records.last?.logicalParent == 3)
  }

  @Test func `a program that the server runs is the server's, and takes no client's turn`() {
    var list = EventList()
    list.main(100, "main.py")
    list.fork(100, 101)
    list.forkserver(100, 102, at: "/tmp/s")
    list.connect(101, "/tmp/s")
    list.connect(100, "/tmp/s")
    list.fork(102, 110, by: .vfork)
    list.execute(110, "/usr/bin/uname", ["uname", "-m"])
    list.exit(110)
    list.fork(102, 103)
    list.fork(102, 104)
    // Ids: main 1, its fork 2, the server 3, its program 4, two workers.
    #expect(list.records[3].role == .other)
    #expect(list.records.map(\.logicalParent) == [nil, 1, 1, 3, 2, 1])
  }

  @Test
  func `a program that the server starts by a fork (Python 3.6 to 3.9) is the server's as well`() {
    var list = EventList()
    list.main(100, "main.py")
    list.forkserver(100, 101, at: "/tmp/s")
    list.fork(101, 102)
    list.execute(102, "/usr/bin/uname", ["uname", "-m"])
    #expect(list.records[2].role == .other)
    #expect(list.records[2].startMethod == nil)
    #expect(list.records[2].logicalParent == 2)
  }

  @Test func `what a server opened doesn't count for its workers`() {
    var list = EventList()
    list.main(100, "runner.py")
    list.forkserver(100, 101, at: "/tmp/s")
    list.open(101, "/w/helper.py", times: 2)
    list.fork(101, 102)
    list.open(102, "/w/helper.py")
    #expect(list.records[2].script == nil)
  }

  @Test func `workers have the script that a server has run for all of them`() throws {
    var list = EventList()
    list.main(100, "main.py")
    list.forkserver(100, 101, at: "/tmp/s")
    list.open(101, "/w/main.py", times: 3)
    list.connect(100, "/tmp/s")
    list.fork(101, 102)
    let script = try #require(list.records[2].script)
    #expect(script.path == "/w/main.py")
    #expect(script.runsAs == "__mp_main__")
    #expect(script == list.records[1].script)
  }
}
