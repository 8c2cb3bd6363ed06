internal import Analysis
internal import JSON
internal import TraceModel

extension ReportedRun {
  /// Reads a report. Members that aren't known are skipped.
  init(_ document: JSONValue) throws(ReportProblem) {
    let fields = ReportFields(object: document)
    let version = try fields.integer("schemaVersion")
    guard version <= Self.version else { throw .newer(version: version) }
    guard version > 0 else { throw .damaged(member: "schemaVersion") }
    command = try fields.required("command") { $0.texts }
    workingDirectory = try fields.text("workingDirectory")
    checkout = try fields.optionalText("checkout")
    began = try fields.optionalText("t0")
    verdict = try fields.text("verdict")
    let trace = ReportFields(object: try fields.required("trace") { $0 })
    isTruncated = try trace.required("truncated") { $0.boolean }
    var unknown: [String] = []
    findings = try fields.elements("findings") {
      (value) throws(ReportProblem) -> ReportedFinding? in
      let members = ReportFields(object: value)
      let name = try members.text("rule")
      if let rule = Rule(rawValue: name) { return try ReportedFinding(rule, members) }
      unknown.append(name)
      return nil
    }.compactMap(\.self)
    unknownRules = unknown
    scripts = try Self.scripts(of: fields)
  }

  private static func scripts(of fields: ReportFields) throws(ReportProblem) -> [String] {
    var seen: Set<String> = []
    let paths = try fields.elements("processes") { (value) throws(ReportProblem) -> String? in
      try ReportFields(object: value).optional("script") { $0.scriptPath }
    }
    return paths.compactMap(\.self).filter { seen.insert($0).inserted }
  }
}

extension ReportedFinding {
  fileprivate init(_ rule: Rule, _ members: ReportFields) throws(ReportProblem) {
    self.rule = rule
    severity = try members.required("severity") { $0.text.flatMap(Severity.init) }
    certainty = try members.required("certainty") { $0.text.flatMap(Certainty.init) }
    title = try members.text("title")
    script = try members.optional("script") { $0.scriptPath }
    culprit = try members.optional("culprit", SourceLocation.init)
    callSite = try members.optional("callSite", SourceLocation.init)
    stack = try members.elements("stack", PythonFrame.init)
    startMethod = try members.optionalText("startMethod").flatMap(StartMethod.init)
    python = try members.optional("python") { $0.text.flatMap(PythonVersion.init(text:)) }
    occurrences = try members.integer("occurrences")
    fingerprint = try members.text("fingerprint")
    identity = try members.optional("identity") { (value) throws(ReportProblem) -> Identity in
      let members = ReportFields(object: value)
      return Identity(
        places: try members.elements("places", SourceLocation.init),
        circumstance: try members.optionalText("circumstance"))
    }
  }
}

extension JSONValue {
  fileprivate var scriptPath: String? { member("path")?.text }
}

extension SourceLocation {
  fileprivate init(_ value: JSONValue) throws(ReportProblem) {
    let members = ReportFields(object: value)
    self.init(
      path: try members.text("path"), line: try members.optional("line") { $0.integer() },
      function: QualifiedName.last(try members.text("function")),
      source: try members.optionalText("source").map { line throws(ReportProblem) in
        let statement = try members.optionalText("statement")
        return SourceExcerpt(
          line: line, statement: statement.map { .init(number: 1, line: $0) })
      })
  }
}

extension PythonFrame {
  fileprivate init(_ value: JSONValue) throws(ReportProblem) {
    let members = ReportFields(object: value)
    let name = try members.text("function")
    let function = QualifiedName.last(name)
    self.init(
      path: try members.text("path"), line: try members.optional("line") { $0.integer() },
      function: function, qualifiedName: name == function ? nil : name,
      module: try members.optionalText("module"),
      source: try members.optionalText("source").map { SourceExcerpt(line: $0) })
  }
}

/// Names of functions as reports have them: with those of what they are defined in.
private enum QualifiedName {
  /// The code's `co_name`: the part behind the last dot.
  static func last(_ name: String) -> String {
    name.lastIndex(of: ".").map { String(name[name.index(after: $0)...]) } ?? name
  }
}

extension PythonVersion {
  /// A version as reports have it: `3.14.10`, or `3.12` if only a file's name showed it.
  fileprivate init?(text: String) {
    let numbers = text.split(separator: ".", omittingEmptySubsequences: false).map { Int($0) }
    guard (2...3).contains(numbers.count), let major = numbers[0], let minor = numbers[1] else {
      return nil
    }
    if numbers.count == 3, numbers[2] == nil { return nil }
    self.init(major: major, minor: minor, micro: numbers.count == 3 ? numbers[2] : nil)
  }
}
