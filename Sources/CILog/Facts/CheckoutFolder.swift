/// The folders in which CI hosts keep their checkouts.
package struct CheckoutFolder: Hashable, Sendable {
  /// With the path's own separators.
  package let path: String
  /// Whether the host always has its checkouts so deep: GitLab's groups have groups, Jenkins' jobs lie
  /// in folders.
  package let isDepthKnown: Bool

  /// `*` stands for a folder of any name, `#` for a number.
  private static let patterns: [[String]] = [
    // GitHub: Linux, macOS, Windows, containers.
    ["home", "runner", "work", "*", "*"], ["users", "runner", "work", "*", "*"],
    ["d:", "a", "*", "*"], ["c:", "a", "*", "*"], ["__w", "*", "*"], ["github", "workspace"],
    // Azure: the folder above is a number.
    ["home", "vsts", "work", "#", "s"], ["users", "runner", "work", "#", "s"],
    ["home", "vsts_azpcontainer", "work", "#", "s"],
    // CircleCI, Travis CI, Cirrus CI, Bitbucket, Drone, Woodpecker, Semaphore, AppVeyor, CodeBuild.
    ["root", "project"], ["home", "circleci", "project"], ["users", "distiller", "project"],
    ["home", "travis", "build", "*", "*"], ["users", "travis", "build", "*", "*"],
    ["tmp", "cirrus-ci-build"], ["opt", "atlassian", "pipelines", "agent", "build"],
    ["opt", "atlassian", "bitbucketci", "agent", "build"],
    ["bitbucket", "pipelines", "agent", "build"], ["drone", "src"],
    ["woodpecker", "src", "*", "*", "*"], ["home", "semaphore", "*"], ["c:", "projects", "*"],
    ["codebuild", "output", "*", "src", "*", "*", "*"],
    // Buildkite.
    ["var", "lib", "buildkite-agent", "builds", "*", "*", "*"],
    ["buildkite", "builds", "*", "*", "*"],
  ]

  private static let openPatterns: [[String]] = [
    // GitLab, Concourse, Google, Tekton.
    ["builds", "*", "*"], ["tmp", "build", "*"], ["workspace"],
  ]

  /// The checkout that a path lies in; nil if none is known.
  package init?(around path: String) {
    let separator: Character = path.contains("\\") ? "\\" : "/"
    let parts = path.split(separator: separator, omittingEmptySubsequences: true)
    guard parts.count > 1, parts.count < 100 else { return nil }
    let (count, isDepthKnown): (Int, Bool)
    if let pattern = Self.patterns.first(where: { Self.matches(parts, $0) }) {
      (count, isDepthKnown) = (pattern.count, true)
    } else if let index = parts.lastIndex(of: "_work"), index + 3 < parts.count {
      // A runner of GitHub's, or an agent of Azure's, on a machine of one's own.
      (count, isDepthKnown) = (index + 3, true)
    } else if let pattern = Self.openPatterns.first(where: { Self.matches(parts, $0) }) {
      (count, isDepthKnown) = (pattern.count, false)
    } else if let index = parts.lastIndex(of: "builds"), index > 0, index + 5 < parts.count,
      parts[index + 2].allSatisfy(\.isNumber)
    {
      // GitLab's own runner: `/home/gitlab-runner/builds/TOKEN/0/GROUP/PROJECT`.
      (count, isDepthKnown) = (index + 5, false)
    } else if let index = parts.lastIndex(of: "workspace"), index + 2 < parts.count, index > 0 {
      // Jenkins: `/var/lib/jenkins/workspace/JOB@2`.
      (count, isDepthKnown) = (index + 2, false)
    } else {
      return nil
    }
    self.path = Self.joined(parts.prefix(count), path, separator)
    self.isDepthKnown = isDepthKnown
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
