internal import Multiprocessing
internal import TraceModel

// The one place where rules make findings.
extension Finding {
  /// - Parameters:
  ///   - event: The event that proves it.
  ///   - processes: The processes that show it, by their numbers.
  ///   - culprit: The statement; if it isn't known, the finding names the script without a line.
  ///   - identity: What is the same for the same fault in other runs.
  init(
    _ rule: Rule, _ certainty: Certainty, _ detail: Detail, at event: Event,
    in forest: ProcessForest, shownBy processes: [Int], _ consequence: Consequence?,
    script: Script?, culprit: SourceLocation?, callSite: SourceLocation?,
    startMethod: StartMethod? = nil, python: PythonVersion?, stack: [PythonFrame] = [],
    nativeStack: MixedStack? = nil, identity: FaultIdentity
  ) {
    self.init(
      rule: rule, detail: detail, certainty: certainty, stack: stack, processes: processes,
      provenAt: event.time, provenByEvent: event.sequence,
      fingerprint: "")
    self.consequence = consequence
    self.script = script
    self.culprit = culprit ?? script.map { SourceLocation(somewhereIn: $0) }
    self.callSite = callSite
    self.startMethod = startMethod
    self.python = python
    self.nativeStack = nativeStack
    identify(by: identity, in: forest.checkoutDirectory)
  }

  /// Says what the fault is known by; `directory` is the checkout.
  mutating func identify(by identity: FaultIdentity, in directory: String) {
    self.identity = identity
    fingerprint = Fingerprint(rule, startMethod, identity, in: directory).description
  }
}
