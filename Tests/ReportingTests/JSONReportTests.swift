import Analysis
import Diagnostics
import Foundation
import Reporting
import Testing
import TraceModel

struct JSONReportTests {
  @Test func `the whole object, with its keys in the contract's order`() {
    var report = Fixtures.forkserver()
    report.command = ["python", "-c", "print(\"\\n\")"]
    report.source = .recording(path: "/tmp/run.jsonl")
    report.termination = .signal(9)
    report.limitations = [.recorded("12 events were lost")]
    report.lost = 12
    report.isTruncated = true
    report.processes.removeLast(2)
    let expected = #"""
      {
        "schema": "spawntrace-report",
        "schemaVersion": 1,
        "tool": {"name": "spawntrace", "version": "0.1.0"},
        "source": {"kind": "recording", "path": "/tmp/run.jsonl"},
        "command": ["python", "-c", "print(\"\\n\")"],
        "workingDirectory": "/w",
        "checkout": null,
        "t0": null,
        "exit": {"status": null, "signal": 9},
        "verdict": "reexec-cycle",
        "findings": [
          {
            "rule": "ST101",
            "kind": "reexec-cycle",
            "severity": "error",
            "certainty": "proven",
            "consequence": null,
            "title": "main.py is run again by the forkserver that it starts",
            "script": {"path": "/w/main.py", "runsAs": "__mp_main__"},
            "culprit": {"path": "/w/main.py", "line": 12, "function": "<module>", \#
      "source": "with ctx.Pool(2) as pool:"},
            "callSite": {"path": "/w/main.py", "line": 12, "function": "<module>", \#
      "source": "with ctx.Pool(2) as pool:"},
            "stack": [
              {"path": "/w/main.py", "line": 12, "function": "<module>", "module": "__mp_main__", \#
      "source": "with ctx.Pool(2) as pool:"}
            ],
            "nativeStack": [],
            "startMethod": "forkserver",
            "python": "3.14.10",
            "test": null,
            "processes": [3],
            "occurrences": 1,
            "provenAtSeconds": 0.213,
            "provenByEvent": 217,
            "fingerprint": "v2:7f3a91c27f3a91c2",
            "identity": {
              "places": [],
              "circumstance": null
            },
            "label": "runs again when a worker imports this file: it is not under \#
      `if __name__ == \"__main__\":`",
            "notes": [
              {"topic": "effect", "text": "CPython refuses this second start with a RuntimeError \#
      in the worker; signal 9 ends the run"},
              {"topic": "why", "text": "the forkserver imports the main script as `__mp_main__` \#
      before it starts workers; under fork, none does"},
              {"topic": "unseen", "text": "12 events were lost"},
              {"topic": "start method", "text": "forkserver, Python 3.14's default on Linux \#
      (before 3.14: fork)"}
            ],
            "advice": "guard line 12 with its block, and the lines below that need it, so that an \#
      import skips them",
            "alternative": "or keep fork, with `multiprocessing.get_context(\"fork\")` at \#
      /w/main.py:12: workers then import and unpickle nothing, but may hang on a lock that \#
      another thread held, and Windows has no fork",
            "fix": null
          }
        ],
        "processes": [
          {
            "id": 1,
            "pid": 4958,
            "parent": null,
            "logicalParent": null,
            "role": "main",
            "executable": "/usr/bin/python3",
            "arguments": ["python", "main.py"],
            "python": "3.14.10",
            "startMethod": null,
            "script": {"path": "/w/main.py", "runsAs": "__main__", "evidence": "opened"},
            "startedAtSeconds": 0.0,
            "endedAtSeconds": 0.4,
            "exit": {"status": 0, "signal": null},
            "earlierImages": []
          }
        ],
        "survey": null,
        "trace": {"events": 389, "lost": 12, "truncated": true, "omittedProcesses": 0, \#
      "monotonicStartSeconds": null, "limitations": ["12 events were lost"]}
      }

      """#
    #expect(JSONReport.render(report) == expected)
  }

  @Test func `other readers find the values`() throws {
    let object = try parsed(Fixtures.seed())
    #expect(object["verdict"] as? String == "reexec-cycle")
    let exit = try #require(object["exit"] as? [String: Any])
    #expect(exit["status"] as? Int == 0)
    #expect(exit["signal"] is NSNull)
    let findings = try #require(object["findings"] as? [[String: Any]])
    #expect(findings.count == 1)
    let finding = try #require(findings.first)
    #expect(finding["consequence"] as? String == "masked")
    #expect(finding["processes"] as? [Int] == [3, 4, 5, 6])
    #expect(finding["occurrences"] as? Int == 4)
    #expect(finding["provenAtSeconds"] as? Double == 0.213)
    let site = try #require(finding["callSite"] as? [String: Any])
    #expect(site["source"] as? String == "with ctx.Pool(4) as pool:")
    #expect(site["line"] as? Int == 10)
    let stack = try #require(finding["stack"] as? [[String: Any]])
    #expect(stack.map { $0["function"] as? String } == ["dothing", "test_dothing", "<module>"])
    #expect(stack.first?["module"] is NSNull)
    #expect(stack.last?["module"] as? String == "__mp_main__")
    let processes = try #require(object["processes"] as? [[String: Any]])
    #expect(processes.map { $0["id"] as? Int } == [1, 2, 3, 4, 5, 6])
    #expect(processes[1]["role"] as? String == "resource-tracker")
    #expect(processes[1]["exit"] is NSNull)
    #expect(processes[1]["endedAtSeconds"] is NSNull)
    #expect(processes[2]["startMethod"] as? String == "spawn")
    #expect(processes[2]["endedAtSeconds"] as? Double == 0.31)
  }

  @Test func `a function has its qualified name if there is one`() throws {
    var report = Fixtures.seed()
    report.findings[0].stack[0].qualifiedName = "Thing.dothing"
    let finding = try #require((try parsed(report)["findings"] as? [[String: Any]])?.first)
    let stack = try #require(finding["stack"] as? [[String: Any]])
    #expect(
      stack.map { $0["function"] as? String } == ["Thing.dothing", "test_dothing", "<module>"])
    let site = try #require(finding["callSite"] as? [String: Any])
    #expect(site["function"] as? String == "Thing.dothing")
    let culprit = try #require(finding["culprit"] as? [String: Any])
    #expect(culprit["function"] as? String == "<module>")
  }

  @Test func `a healthy run of a command that didn't end`() throws {
    var report = Fixtures.seed()
    report.findings = []
    report.termination = nil
    let object = try parsed(report)
    #expect(object["verdict"] as? String == "healthy")
    #expect(object["exit"] is NSNull)
    #expect((object["findings"] as? [Any])?.isEmpty == true)
    let source = try #require(object["source"] as? [String: Any])
    #expect(source["kind"] as? String == "live")
    #expect(source["path"] is NSNull)
  }

  @Test func `a fix has its edits as ranges, what to review, and how it went`() throws {
    var report = Fixtures.seed()
    report.fixes[0].doubts = [.init(.importsAll, line: 2)]
    report.fixes[0].trial = .init(verdict: "healthy", termination: .status(0))
    #expect(
      JSONReport.render(report).contains(
        #"""
              "fix": {
                "edits": [
                  {"path": "/w/runtest.py", "startLine": 5, "endLine": 7, "replacement": \#
        "if __name__ == \"__main__\":\n    # Verbose, for CI.\n    result = \#
        unittest.TextTestRunner(verbosity=2).run(suite)\n    \#
        raise SystemExit(not result.wasSuccessful())\n"}
                ],
                "applicability": "needs-review",
                "review": ["line 2 imports names that the text does not show"],
                "tried": {"verdict": "healthy", "status": 0, "signal": null}
              }
        """#))
  }

  @Test func `unknown values are null`() throws {
    var report = Fixtures.helper()
    report.findings[0].script = nil
    report.findings[0].culprit?.line = nil
    report.findings[0].culprit?.source = nil
    report.findings[0].callSite = nil
    report.findings[0].startMethod = nil
    report.findings[0].python = nil
    let object = try parsed(report)
    let finding = try #require((object["findings"] as? [[String: Any]])?.first)
    for key in ["script", "callSite", "startMethod", "python", "test"] {
      #expect(finding[key] is NSNull, "\(key)")
    }
    let culprit = try #require(finding["culprit"] as? [String: Any])
    #expect(culprit["line"] is NSNull)
    #expect(culprit["source"] is NSNull)
    #expect(culprit["path"] as? String == "/w/helper.py")
  }

  @Test func `every report is JSON`() throws {
    for (index, report) in Combinations.reports().enumerated() where index % 19 == 0 {
      let finding = try #require((try parsed(report)["findings"] as? [[String: Any]])?.first)
      #expect(finding["title"] as? String == report.findings.first?.title)
    }
  }

  private func parsed(_ report: RunReport) throws -> [String: Any] {
    let data = Data(JSONReport.render(report).utf8)
    return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
  }
}
