/// The folders in which CI hosts keep their checkouts.
package enum CheckoutFolder {
  /// `*` stands for a folder of any name; one that ends in `@` for a name and its number of a
  /// parallel job.
  private static let patterns: [[String]] = [
    // GitHub: Linux, macOS, Windows, containers.
    ["home", "runner", "work", "*", "*"], ["users", "runner", "work", "*", "*"],
    ["d:", "a", "*", "*"], ["c:", "a", "*", "*"], ["__w", "*", "*"], ["github", "workspace"],
    // Azure: the folder above is a number.
    ["home", "vsts", "work", "#", "s"], ["users", "runner", "work", "#", "s"],
    ["home", "vsts_azpcontainer", "work", "#", "s"],
    // CircleCI, Travis CI, Cirrus CI, Bitbucket, Drone, AppVeyor, Google.
    ["root", "project"], ["home", "circleci", "project"], ["home", "travis", "build", "*", "*"],
    ["users", "travis", "build", "*", "*"], ["tmp", "cirrus-ci-build"],
    ["opt", "atlassian", "pipelines", "agent", "build"], ["drone", "src"],
    ["c:", "projects", "*"],
    // GitLab.
    ["builds", "*", "*"],
    // Buildkite.
    ["var", "lib", "buildkite-agent", "builds", "*", "*", "*"],
    ["buildkite", "builds", "*", "*", "*"],
  ]

  /// The checkout that a path lies in, with the path's own separators; nil if none is known.
  package static func root(of path: String) -> String? {
    let separator: Character = path.contains("\\") ? "\\" : "/"
    let parts = path.split(separator: separator, omittingEmptySubsequences: true)
    guard parts.count > 2, parts.count < 100 else { return nil }
    for pattern in patterns where matches(parts, pattern) {
      return joined(parts.prefix(pattern.count), path, separator)
    }
    // A runner of GitHub's, or an agent of Azure's, on a machine of one's own.
    if let index = parts.lastIndex(of: "_work"), index + 3 < parts.count {
      return joined(parts.prefix(index + 3), path, separator)
    }
    // Jenkins: `/var/lib/jenkins/workspace/JOB@2`.
    if let index = parts.lastIndex(of: "workspace"), index + 2 < parts.count, index > 0 {
      return joined(parts.prefix(index + 2), path, separator)
    }
    return nil
  }

  private static func matches(_ parts: [Substring], _ pattern: [String]) -> Bool {
    guard parts.count > pattern.count else { return false }
    return zip(parts, pattern).allSatisfy { part, wanted in
      switch wanted {
      case "*": true
      case "#": part.allSatisfy(\.isNumber)
      default: part.lowercased() == wanted
      }
    }
  }

  private static func joined(
    _ parts: ArraySlice<Substring>, _ path: String, _ separator: Character
  ) -> String {
    (path.first == separator ? String(separator) : "") + parts.joined(separator: String(separator))
  }
}
