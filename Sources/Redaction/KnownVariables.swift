/// The variables of the environment whose values a recording may have, if they have the form that
/// belongs to them.
package enum KnownVariables {
  /// What a value may be.
  enum Form {
    /// A number, a version, or a word that switches something on or off.
    case number
    /// A name or number of a job, a commit, a branch or a locale.
    case id
    /// An address; nothing behind a `?` or `#` is kept.
    case address
    /// A folder: other paths are compared without it.
    case folder
  }

  /// Returns the part of a variable's value that may be recorded; nil if none may.
  package static func recorded(_ name: String, _ value: String) -> String? {
    guard !SecretNames.contains(name), let form = form(of: name) else { return nil }
    switch form {
    case .number: return isNumber(value) ? value : nil
    case .id: return isNumber(value) || isID(value) ? value : nil
    case .address: return address(value)
    case .folder: return value.hasPrefix("/") ? value : nil
    }
  }

  private static func form(of name: String) -> Form? {
    if let form = forms[name] { return form }
    if name.hasPrefix("PYTHON") || name.hasSuffix("_NUM_THREADS") { return .number }
    return nil
  }

  private static let forms: [String: Form] = {
    var forms: [String: Form] = [:]
    for name in [
      "CI", "GITHUB_ACTIONS", "GITHUB_RUN_ID", "GITHUB_RUN_NUMBER", "GITHUB_RUN_ATTEMPT",
      "GITLAB_CI", "CI_JOB_ID", "CI_PIPELINE_ID", "CI_NODE_INDEX", "CI_NODE_TOTAL",
      "CI_PROJECT_ID", "BUILDKITE", "BUILDKITE_BUILD_NUMBER", "BUILDKITE_PARALLEL_JOB",
      "BUILD_NUMBER", "BUILD_BUILDID", "CIRCLE_BUILD_NUM", "CIRCLE_NODE_INDEX", "TRAVIS_JOB_ID",
      "PYTEST_XDIST_WORKER_COUNT", "PYTEST_VERSION", "PYTEST_DISABLE_PLUGIN_AUTOLOAD",
      "CUDA_VISIBLE_DEVICES",
    ] { forms[name] = .number }
    for name in [
      "GITHUB_SHA", "GITHUB_REPOSITORY", "GITHUB_JOB", "GITHUB_REF", "GITHUB_EVENT_NAME",
      "RUNNER_OS", "RUNNER_ARCH", "CI_COMMIT_SHA", "CI_COMMIT_REF_NAME", "CI_JOB_NAME",
      "CI_PROJECT_PATH", "BUILDKITE_BUILD_ID", "BUILDKITE_JOB_ID", "BUILDKITE_COMMIT",
      "BUILDKITE_PIPELINE_SLUG", "GIT_COMMIT", "CIRCLE_SHA1", "TRACEPARENT",
      "PYTEST_XDIST_WORKER", "PYTEST_XDIST_TESTRUNUID", "TOX_ENV_NAME", "LANG", "LANGUAGE",
      "LC_ALL", "LC_CTYPE", "TZ", "PYTHONIOENCODING", "PYTHONMALLOC", "PYTHONHASHSEED",
      "PYTHONBREAKPOINT", "PYTHONCOERCECLOCALE",
    ] { forms[name] = .id }
    for name in [
      "GITHUB_SERVER_URL", "GITHUB_API_URL", "CI_SERVER_URL", "CI_JOB_URL", "CI_PIPELINE_URL",
      "CI_PROJECT_URL", "BUILDKITE_BUILD_URL", "BUILD_URL", "JOB_URL", "CIRCLE_BUILD_URL",
    ] { forms[name] = .address }
    for name in ["TMPDIR", "TEMP", "TMP"] { forms[name] = .folder }
    return forms
  }()

  private static func isNumber(_ value: String) -> Bool {
    if ["true", "false", "yes", "no", "on", "off", ""].contains(value.lowercased()) { return true }
    return value.utf8.count <= 24
      && value.utf8.allSatisfy { (0x30...0x39).contains($0) || ".,-".utf8.contains($0) }
  }

  private static func isID(_ value: String) -> Bool {
    value.utf8.count <= 128 && TokenFinder.ranges(in: Array(value.utf8)).isEmpty
      && value.utf8.allSatisfy { TokenFinder.isToken($0) || "/:@+".utf8.contains($0) }
      && !value.contains("://")
  }

  private static func address(_ value: String) -> String? {
    let plain = value.prefix { $0 != "?" && $0 != "#" }
    guard plain.hasPrefix("https://") || plain.hasPrefix("http://"), !plain.contains("@"),
      plain.utf8.count <= 512, plain.utf8.allSatisfy({ (0x21...0x7e).contains($0) }),
      TokenFinder.ranges(in: Array(plain.utf8)).isEmpty
    else { return nil }
    return String(plain)
  }
}
