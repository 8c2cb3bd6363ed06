import Analysis
import Testing
import TraceModel
import Triage

/// Which inputs are of one fault.
struct JoiningTests {
  private static func spot(
    _ path: String, _ line: Int?, _ text: String?, _ function: String = "<module>"
  ) -> Spot {
    Spot(path: path, line: line, function: function, text: text, root: nil)
  }

  /// What a run shows of an unguarded script that starts workers in a helper.
  private static func run(
    _ path: String = "tests/run.py", line: Int? = 6, _ text: String? = "test()",
    method: StartMethod? = .spawn, rule: Rule = .reexecCycle, site: Int = 10,
    call: String = "with ctx.Pool(4) as pool:"
  ) -> Account {
    let culprit = spot(path, line, text)
    let callSite = spot("lib/thing.py", site, call, "dothing")
    return Account(
      .run, rule, rule.severity, .proven, title: "\(path) is run again", startMethod: method,
      places: [culprit],
      frames: [callSite, spot("tests/test_thing.py", 4, "thing.dothing()", "test"), culprit],
      culprit: culprit, callSite: callSite)
  }

  /// The same by a traceback in a log; `frames` are the innermost ones that are left.
  private static func log(
    _ account: Account, under root: String, frames: Int = 3, isWindows: Bool = false
  ) -> Account {
    func moved(_ spot: Spot) -> Spot {
      var path = root + "/" + spot.place.path
      if isWindows { path = path.split(separator: "/").joined(separator: "\\") }
      return Spot(
        path: path, line: spot.line, function: spot.place.function, text: spot.place.text, root: nil
      )
    }
    let isWhole = frames == 3
    return Account(
      .log, account.rule, .error, isWhole ? .likely : .guess, title: "a log",
      startMethod: account.startMethod, places: isWhole ? account.places.map(moved) : [],
      frames: account.frames.prefix(frames).map(moved),
      culprit: isWhole ? account.culprit.map(moved) : nil,
      callSite: account.callSite.map(moved))
  }

  private static func causes(
    _ items: [(Account, root: String?)], kind: Root.Kind = .directory
  ) -> [Cause] {
    var pile = Pile()
    for (index, (account, root)) in items.enumerated() {
      pile.add(
        account,
        Sighting(input: "\(index)", root: root.map { Root($0, kind) }))
    }
    return pile.causes()
  }

  private static let here = "/ci/a"

  @Test func `lines shifted, checkout renamed, another Python, Windows, a log: one`() throws {
    let fault = Self.run()
    let causes = Self.causes([
      (fault, "/ci/a"), (Self.run(line: 60, site: 99), "/home/me/other name"),
      (Self.log(fault, under: "/somewhere/else"), nil),
      (Self.log(fault, under: "D:\\a\\R\\R", isWindows: true), nil),
      (Self.log(fault, under: "/x", frames: 2), nil),
      (Self.log(fault, under: "/x", frames: 1), nil),
    ])
    #expect(causes.count == 1)
    let cause = try #require(causes.first)
    #expect(cause.inputs == ["0", "1", "2", "3", "4", "5"] && cause.certainty == .proven)
    #expect(cause.culprit?.place.path == "tests/run.py" && cause.culprit?.line == 6)
    #expect(cause.fingerprint.wholeMatch(of: /v2:[0-9a-f]{16}/) != nil)
  }

  @Test func `two lines of a file, two files alike, another rule or method: others`() {
    let items = [
      Self.run(), Self.run("tests/run.py", line: 9, "test_b()"),
      Self.run("services/cart/worker.py", line: 6, "run()"),
      Self.run("services/stock/worker.py", line: 6, "run()"),
      Self.run(rule: .respawnLoop), Self.run(method: .forkserver), Self.run(method: .fork),
    ]
    #expect(Self.causes(items.map { ($0, Self.here) }).count == items.count)
    #expect(
      Self.causes(items.map { (Self.log($0, under: "/w"), nil) }).count == items.count,
      "a helper that starts the workers for several scripts is not the fault")
  }

  @Test func `a path is the longest known one that it ends with`() throws {
    let cart = Self.run("services/cart/worker.py", line: 6, "run()")
    let causes = Self.causes([
      (cart, "/ci/a"), (Self.run("services/stock/worker.py", line: 6, "run()"), "/ci/a"),
      (Self.log(cart, under: "/elsewhere"), nil),
      (Self.run("worker.py", line: 6, "run()"), "/ci/b/services/cart"),
    ])
    #expect(causes.map(\.inputs) == [["0", "2", "3"], ["1"]])
  }

  @Test func `without a known path two files of one name are two files`() {
    let fault = Self.run()
    let causes = Self.causes([
      (Self.log(fault, under: "/ci/a"), nil), (Self.log(fault, under: "/ci/b"), nil),
    ])
    #expect(causes.count == 2)
  }

  @Test func `what two faults may be is neither's`() {
    let one = Self.run("a.py"), other = Self.run("b.py")
    let part = Self.log(one, under: "/x", frames: 2)
    #expect(
      Self.causes([(one, Self.here), (other, Self.here), (part, nil)]).count == 3)
    #expect(
      Self.causes([(one, Self.here), (part, nil), (part, nil)]).map(\.inputs) == [["0", "1", "2"]])
  }

  @Test func `a torn text of a known line is that line's`() throws {
    let fault = Self.run()
    var torn = Self.run("tests/run.py", line: 6, "test(Traceback")
    torn.frames = Self.run().frames
    let causes = Self.causes([
      (fault, Self.here), (Self.log(torn, under: "/x"), nil),
      (Self.log(Self.run("tests/run.py", line: 6, "start_it()"), under: "/x"), nil),
    ])
    #expect(causes.map(\.inputs) == [["0", "1"], ["2"]])
  }

  @Test func `a log's own report is known by its fingerprint`() throws {
    let fault = Self.run()
    let cause = try #require(Self.causes([(fault, Self.here)]).first)
    var report = Self.log(fault, under: "/x", frames: 0)
    report.fingerprint = cause.fingerprint
    report.callSite = nil
    let causes = Self.causes([(fault, Self.here), (report, nil)])
    #expect(causes.count == 1)
  }

  @Test func `folders of one checkout tell files of one name apart`() {
    func fault(_ folder: String) -> (Account, String?) { (Self.run("main.py"), folder) }
    let causes = Self.causes([
      fault("/p/co1/cart"), fault("/p/co1/stock"), fault("/p/co2/cart"), fault("/p/co2/stock"),
    ])
    #expect(causes.map(\.inputs) == [["0", "2"], ["1", "3"]])
    #expect(
      Set(causes.compactMap(\.culprit?.place.path)) == ["cart/main.py", "stock/main.py"])
    #expect(Self.causes([fault("/p/co1"), fault("/p/co2"), fault("/q/co3")]).count == 1)
    #expect(
      Self.causes([fault("/ci/1/repo"), fault("/ci/2/repo")]).first?.culprit?.place.path
        == "main.py")
  }

  @Test func `of two folders that may be one checkout each, the call site tells the files apart`() {
    let causes = Self.causes([
      (Self.run("main.py"), "/p/cart"),
      (Self.run("main.py", call: "Process().start()"), "/p/stock"),
    ])
    #expect(causes.count == 2)
  }

  // MARK: Paths

  @Test func `a host's folder that lies around the checkout spoils no name of others`() {
    let (fault, deeper) = (Self.run("jobs/x.py"), Self.run("shop/jobs/x.py"))
    func causes(_ roots: (Account, String, Root.Kind)...) -> [Cause] {
      var pile = Pile()
      for (index, (account, root, kind)) in roots.enumerated() {
        pile.add(account, Sighting(input: "\(index)", root: Root(root, kind)))
      }
      return pile.causes()
    }
    for (other, kind) in [
      ("/home/runner/work/shop/shop", Root.Kind.checkout), ("/w/shop", .directory),
      ("/builds/team/shop", .host),
    ] {
      let one = causes((deeper, "/builds/team/sub", .host), (fault, other, kind))
      #expect(one.map(\.inputs) == [["0", "1"]] && one.first?.culprit?.place.path == "jobs/x.py")
    }
    // Files of one folder are what they are.
    let two = causes((deeper, "/builds/a/b", .host), (fault, "/builds/a/b", .host))
    #expect(two.count == 2)
  }

  @Test func `a run that began around the checkout names the file as others do`() {
    let causes = Self.causes([
      (Self.run("shop/jobs/x.py"), "/ck/alpha"), (Self.run("jobs/x.py"), "/ck/alpha/shop"),
      (Self.run("jobs/x.py"), "/ck/renamed"),
    ])
    #expect(causes.map(\.inputs) == [["0", "1", "2"]])
  }

  @Test func `files of known checkouts keep their names`() {
    let causes = Self.causes(
      [(Self.run("jobs/x.py"), "/a/shop"), (Self.run("shop/jobs/x.py"), "/a")], kind: .checkout)
    #expect(Set(causes.compactMap(\.culprit?.place.path)) == ["jobs/x.py", "shop/jobs/x.py"])
  }

  // MARK: Little evidence

  @Test func `logs that name no place are no cause, and not lost`() throws {
    let nothing = Account(.log, .workerCrash, .note, .guess, title: "a worker died")
    var pile = Pile()
    pile.add(nothing, Sighting(input: "a"))
    pile.add(nothing, Sighting(input: "b"))
    #expect(pile.causes().isEmpty && pile.read == 2)
    #expect(pile.unplaced[nothing]?.map(\.input).sorted() == ["a", "b"])
  }

  @Test func `two reports in logs with two names are two faults`() {
    func report(_ line: Int, _ id: String) -> (Account, String?) {
      var account = Self.log(Self.run("twice.py", line: line, nil), under: "/x")
      (account.frames, account.callSite, account.startMethod) = ([], nil, nil)
      account.fingerprint = id
      return (account, nil)
    }
    let one = report(17, "v2:aaaaaaaaaaaaaaaa"), other = report(19, "v2:bbbbbbbbbbbbbbbb")
    let causes = Self.causes([one, other, one])
    #expect(causes.map(\.inputs) == [["0", "2"], ["1"]])
    #expect(causes.map(\.fingerprint) == ["v2:aaaaaaaaaaaaaaaa", "v2:bbbbbbbbbbbbbbbb"])
  }

  @Test func `who knows no call site is of the one fault that there is`() {
    var log = Self.run("main.py")
    log.callSite = nil
    let fault = Self.run("main.py"), other = Self.run("main.py", call: "with other() as pool:")
    #expect(Self.causes([(log, "/a"), (fault, "/b")]).count == 1)
    #expect(Self.causes([(log, "/a"), (fault, "/b"), (other, "/c")]).count == 3)
  }

  @Test func `two lines of one statement are one place, whichever a Python names`() {
    func run(_ line: Int, _ text: String, statement: String?) -> (Account, String?) {
      var account = Self.run("main.py", line: line, text)
      account.places[0].statement = statement
      return (account, Self.here)
    }
    let first = run(8, "with get_context(", statement: nil)
    let later = run(10, ").Pool(2) as pool:", statement: "with get_context(")
    #expect(Self.causes([first, later, run(12, "stop()", statement: nil)]).count == 2)
    #expect(
      Self.causes([
        run(24, "Builder()", statement: "result = ("), run(26, ".begin()", statement: "result = ("),
      ]).count == 1)
  }
}
