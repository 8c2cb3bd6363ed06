import CILog
import Testing
import TraceModel

/// Texts that show the error and aren't a job's.
struct QuotationTests {
  private static let traceback = Worker.traceback()

  enum Form: CaseIterable {
    case patch, patchContext, plainPatch, stampedPatch, difference, grep, grepContext, numbered,
      listed
    case longString, strings, source, blame, commit, stampedCommit, document

    var text: String {
      let text = traceback
      let count = text.split(separator: "\n", omittingEmptySubsequences: false).count - 1
      switch self {
      case .patch: return "diff --git a/x b/x\n@@ -0,0 +1,\(count) @@\n" + text.prefixed("+")
      case .patchContext: return "log\n@@ -1,\(count) +1,\(count) @@\n" + text.prefixed(" ")
      case .plainPatch: return "git diff\n" + text.prefixed("+")
      case .stampedPatch: return text.prefixed("2026-01-01T00:00:00.1234567Z +")
      case .difference: return "log\n3,4c3,70\n" + text.prefixed("> ")
      case .grep: return text.prefixed { "docs/faq.md:\($0 + 10):" }
      case .grepContext: return text.prefixed { "docs/faq.md-\($0 + 10)-" }
      case .numbered: return text.prefixed { "\($0 + 10):" }
      case .listed: return text.prefixed { "   \($0 + 100)\t" }
      case .longString:
        return "log\n    def test_x():\n        text = \"\"\"\\\n" + text
          + "\"\"\"\n        parse(text)\n"
      case .strings: return text.prefixed("\"").replacing("File \"", with: #"File \""#)
      case .blame:
        return text.prefixed { "a1b2c3d4 (Bob Smith 2021-01-02 10:00:00 +0100 \(100 + $0)) " }
      case .commit:
        return
          "commit a1b2c3d (HEAD -> main)\nMerge: 1a2b 3c4d\nAuthor: Bob <b@x.org>\nDate:   Mon\n\n    Guard main\n\n"
          + text.prefixed("        ") + "\n    Closes #5\n"
      case .stampedCommit:
        return Form.commit.text.prefixed("2026-01-01T00:00:00.1234567Z ")
      case .document:
        return "+ cat > fixture.txt <<'EOF'\n" + text.prefixed("> ") + "> EOF\n+ echo done\n"
      case .source: return "import sys\n\nTEXT = \"\"\"\n" + text + "\"\"\"\n"
      }
    }
  }

  @Test(arguments: Form.allCases) func `a quotation is no fault`(_ form: Form) {
    let reading = form.text.reading
    #expect(reading.faults == [])
    #expect(reading.placelessMessages == 0)
  }

  @Test(arguments: [
    "+", "-", "+ ", "- ", "E         - ", "< ", "2026-01-01T00:00:00.1234567Z - ", "12 - ",
    "web-1  | +", "job\tstep\t2026-01-01T00:00:00.1234567Z -", "| - ", "[    8s] +",
  ]) func `a patch's mark makes a quotation`(_ prefix: String) {
    let reading = Self.traceback.prefixed(prefix).reading
    #expect(reading.faults == [])
    #expect(reading.placelessMessages == 0)
  }

  @Test func `a traceback behind a quotation is one`() {
    let reading =
      ("log\n" + Form.patch.text + "---\n" + Form.longString.text + Form.commit.text
      + Form.document.text + Self.traceback)
      .reading
    #expect(reading.faults.map(\.culprit?.line) == [10])
  }

  @Test func `a message within a line is only quoted`() {
    let log =
      "WARNING:docs:RuntimeError: An attempt has been made to start a new process before the "
      + "current process has finished its bootstrapping phase.\n"
    #expect(log.reading.faults == [])
    #expect(log.reading.placelessMessages == 0)
    #expect(log.reading.quotations == 1)
  }

  @Test func `a traceback in which nothing asks for a process is only quoted`() {
    let text =
      "Traceback (most recent call last):\n" + Worker.frame("/w/a.py", 3, "<module>", "f()")
      + Worker.frame(
        "/usr/lib/python3.8/multiprocessing/spawn.py", 134, "_check_not_importing_main")
      + Worker.message
    #expect(text.reading.faults == [])
    #expect(text.reading.quotations == 1)
  }
}
