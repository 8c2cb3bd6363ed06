/// Something that a log lacks: the run can't be known completely.
package enum StraceLimitation: Hashable, Sendable {
  /// No execve: the programs of its processes are unknown.
  case noExecutions
  /// No opened files, although there is Python: no re-execution cycle can be found.
  case noOpens
  /// No writes, although there are workers: refused starts are known from opened files only.
  case noWrites
  /// strace has cut these texts.
  case cutTexts([Text])
  /// The processes that the command starts have no lines.
  case childrenNotFollowed
  /// Some processes began without a call that created them.
  case unknownParents
  /// Some processes began while several calls were creating one.
  case unsureParents

  package enum Text: Hashable, Sendable, CaseIterable {
    case commandLines, paths, errorMessages
  }
}
