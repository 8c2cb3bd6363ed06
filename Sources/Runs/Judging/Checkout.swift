internal import LinuxProcess

/// The folder of the repository that a run works on: as a CI job's environment tells it, or by the
/// repository's own folder in it.
enum Checkout {
  /// The variables that hold it: GitHub and Gitea, GitLab, Buildkite, Azure Pipelines, Jenkins,
  /// Travis CI, CircleCI, Bitbucket, AppVeyor, Drone, Cirrus CI.
  static let variables: [String] = [
    "GITHUB_WORKSPACE", "CI_PROJECT_DIR", "BUILDKITE_BUILD_CHECKOUT_PATH", "BUILD_SOURCESDIRECTORY",
    "WORKSPACE", "TRAVIS_BUILD_DIR", "CIRCLE_WORKING_DIRECTORY", "BITBUCKET_CLONE_DIR",
    "APPVEYOR_BUILD_FOLDER", "DRONE_WORKSPACE", "CIRRUS_WORKING_DIR",
  ]

  /// The folders in which git and Mercurial keep a repository; in a worktree `.git` is a file.
  private static let marks = [".git", ".hg"]

  /// Returns the nearest folder around `directory` that is a repository's; nil if there is none.
  static func repository(around directory: String) -> String? {
    var folder = directory[...]
    // A path has at most 4,096 bytes (PATH_MAX).
    while folder.utf8.count > 1 {
      if marks.contains(where: { FileStatus(path: folder + "/" + $0) != nil }) {
        return String(folder)
      }
      folder = folder[..<(folder.lastIndex(of: "/") ?? folder.startIndex)]
    }
    return nil
  }

  /// Returns the folder, absolute and without a slash at its end, if `directory` lies in it; else
  /// nil: the variable is of another job.
  static func folder(of environment: [String: String], around directory: String) -> String? {
    variables.lazy.compactMap { environment[$0] }.map { path in
      var path = path
      while path.count > 1, path.hasSuffix("/") { path.removeLast() }
      return path
    }.first { $0.hasPrefix("/") && $0 != "/" && (directory + "/").hasPrefix($0 + "/") }
  }
}
