internal import JSON

/// Why a JSON report isn't read.
enum ReportProblem: Error, Hashable {
  /// A member is missing, or of the wrong kind.
  case damaged(member: String)
  /// It has a newer version of the schema.
  case newer(version: Int)

  var reason: String {
    switch self {
    case .damaged(let member): "the JSON report is damaged: see its member \(member)"
    case .newer(let version):
      "the JSON report has version \(version) of the schema, which a newer spawntrace wrote"
    }
  }
}

/// The members of an object of a report. A member of the wrong kind is an error, even an optional
/// one.
struct ReportFields {
  let object: JSONValue

  /// Returns the value of a member that must be there.
  func required<Value>(
    _ name: StaticString, _ convert: (JSONValue) throws(ReportProblem) -> Value?
  ) throws(ReportProblem) -> Value {
    guard let value = try object.member(name).flatMap(convert) else {
      throw .damaged(member: "\(name)")
    }
    return value
  }

  /// Returns the value of a member; nil if there is none, or null.
  func optional<Value>(
    _ name: StaticString, _ convert: (JSONValue) throws(ReportProblem) -> Value?
  ) throws(ReportProblem) -> Value? {
    guard let member = object.member(name), !member.isNull else { return nil }
    guard let value = try convert(member) else { throw .damaged(member: "\(name)") }
    return value
  }

  func text(_ name: StaticString) throws(ReportProblem) -> String {
    try required(name) { $0.text }
  }

  func optionalText(_ name: StaticString) throws(ReportProblem) -> String? {
    try optional(name) { $0.text }
  }

  func integer(_ name: StaticString) throws(ReportProblem) -> Int {
    try required(name) { $0.integer() }
  }

  /// Returns the elements of an array that must be there.
  func elements<Element>(
    _ name: StaticString, _ convert: (JSONValue) throws(ReportProblem) -> Element
  ) throws(ReportProblem) -> [Element] {
    var problem: ReportProblem?
    let elements = object.member(name)?.map { value -> Element? in
      do throws(ReportProblem) {
        return try convert(value)
      } catch {
        problem = error
        return nil
      }
    }
    guard let elements else { throw problem ?? .damaged(member: "\(name)") }
    return elements
  }
}
