/// The folder of the repository that a CI job works on, as the job's environment tells it.
enum Checkout {
  /// The variables that hold it: GitHub and Gitea, GitLab, Buildkite, Azure Pipelines, Jenkins,
  /// Travis CI, CircleCI, Bitbucket, AppVeyor, Drone, Cirrus CI.
  static let variables: [String] = [
    "GITHUB_WORKSPACE", "CI_PROJECT_DIR", "BUILDKITE_BUILD_CHECKOUT_PATH", "BUILD_SOURCESDIRECTORY",
    "WORKSPACE", "TRAVIS_BUILD_DIR", "CIRCLE_WORKING_DIRECTORY", "BITBUCKET_CLONE_DIR",
    "APPVEYOR_BUILD_FOLDER", "DRONE_WORKSPACE", "CIRRUS_WORKING_DIR",
  ]

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
