internal import Diagnostics
internal import TraceModel

/// The variables in which the environments of two runs differ.
struct EnvironmentDepartures {
  let good: RunEnvironment
  let bad: RunEnvironment
  let paths: (good: PathNames, bad: PathNames)

  var differences: [Difference] { names.filter { !Self.isOfSession($0) }.compactMap(difference) }

  /// How many variables differ that name a job, a machine or a session, and decide nothing.
  var ofSession: Int { names.count { Self.isOfSession($0) && difference($0) != nil } }

  /// Whether the hashes that stand for values have the same key.
  var comparesValues: Bool { good.key == bad.key }

  private var names: [String] {
    var names = Set(good.values.keys).union(bad.values.keys)
    // Older recordings have no hashes, and more values.
    if !good.hashes.isEmpty, !bad.hashes.isEmpty {
      names.formUnion(good.hashes.keys)
      names.formUnion(bad.hashes.keys)
    }
    return names.subtracting(Self.ofShell).sorted()
  }

  private func difference(_ name: String) -> Difference? {
    var (one, other) = (text(name, good, paths.good), text(name, bad, paths.bad))
    if !comparesValues, good.values[name] == nil || bad.values[name] == nil {
      // Only whether it is set is known.
      (one, other) = (one.map { _ in "" }, other.map { _ in "" })
    }
    guard one != other else { return nil }
    let title: Sentence
    switch (one, other) {
    case (nil, _): title = "the variable \(code: name) is set in the bad run alone"
    case (_, nil): title = "the variable \(code: name) is not set in the bad run"
    default: title = "the variable \(code: name) has another value"
    }
    var difference = Difference(
      .environment, title, good: shown(name, good), bad: shown(name, bad))
    difference.variable = name
    difference.rank = name.hasPrefix("PYTHON") ? 0 : name.hasPrefix("PYTEST") ? 1 : 2
    return difference
  }

  /// What is compared; nil if it isn't set.
  private func text(_ name: String, _ run: RunEnvironment, _ paths: PathNames) -> String? {
    run.values[name].map(paths.named) ?? run.hashes[name]
  }

  private func shown(_ name: String, _ run: RunEnvironment) -> Sentence? {
    if let value = run.values[name] { return "\(code: "\(name)=\(value)")" }
    return run.hashes[name] == nil ? nil : "set; the recording does not have its value"
  }

  // MARK: Variables of no consequence

  /// Whether a variable differs between any two jobs, hosts or terminals.
  static func isOfSession(_ name: String) -> Bool {
    names.contains(name) || beginnings.contains { name.hasPrefix($0) }
      || ends.contains { name.hasSuffix($0) }
  }

  /// What shells change by themselves.
  private static let ofShell: Set<String> = ["_", "PWD", "OLDPWD", "SHLVL"]

  private static let names: Set<String> = [
    "HOSTNAME", "HOST", "TERM", "COLUMNS", "LINES", "COLORTERM",
    "DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY", "MAIL", "LOGNAME", "USER", "USERNAME", "HOME",
    "TMPDIR", "TEMP", "TMP", "TMUX", "TMUX_PANE", "STY", "WINDOW", "WINDOWID", "INVOCATION_ID",
    "JOURNAL_STREAM", "MANAGERPID", "SYSTEMD_EXEC_PID", "TRACEPARENT", "TRACESTATE", "LS_COLORS",
    "MAKEFLAGS", "MFLAGS", "MAKELEVEL", "SHELL_SESSION_ID", "WORKSPACE", "WORKSPACE_TMP",
    "GIT_COMMIT", "GIT_PREVIOUS_COMMIT", "GIT_BRANCH", "GIT_URL", "COMMIT_SHA", "BRANCH_NAME",
    "CHANGE_ID", "CHANGE_URL", "JOB_NAME", "JOB_BASE_NAME", "STAGE_NAME", "POD_NAME", "POD_IP",
    "EDITOR", "VISUAL", "PAGER", "PS1", "PROMPT_COMMAND", "HOSTTYPE", "MACHTYPE",
    "CONDA_PROMPT_MODIFIER", "VIRTUAL_ENV_PROMPT", "PYTEST_XDIST_TESTRUNUID",
    "PYTEST_CURRENT_TEST", "BUILD_NUMBER", "BUILD_TAG", "BUILD_URL", "EXECUTOR_NUMBER", "NODE_NAME",
    "JOB_URL",
  ]
  private static let beginnings = [
    "SSH_", "XDG_", "DBUS_", "GITHUB_", "RUNNER_", "ACTIONS_", "CI_", "GITLAB_", "BUILDKITE_",
    "CIRCLE_", "TRAVIS_", "AGENT_", "BUILD_", "SYSTEM_", "BITBUCKET_", "DRONE_", "CIRRUS_",
    "APPVEYOR_", "KUBERNETES_", "TERM_", "VTE_", "KITTY_", "ITERM_", "KONSOLE_", "GNOME_",
    "VSCODE_", "SESSION_", "AWS_", "SLURM_", "JENKINS_", "HUDSON_", "SUDO_", "CODEBUILD_",
    "BITRISE_", "TEAMCITY_", "SEMAPHORE_", "NOMAD_", "WT_", "INTELLIJ_", "LESS", "STARSHIP_",
    "GPG_",
  ]
  private static let ends = ["_RUN_ID", "_JOB_ID", "_BUILD_ID", "_PID", "_SESSION_ID", "_SOCK"]
}
