package import TraceModel

/// A change of the program that takes its fault away.
package struct Fix: Hashable, Sendable {
  /// Whether the edits can be made as they are.
  package enum Applicability: String, Hashable, Sendable {
    case applies
    case needsReview = "needs-review"
  }

  /// What each file becomes. Lines have their ends.
  package var files: [FileChange]
  /// What to look at before the edits are made, each in a sentence; empty if they apply as they are.
  package var doubts: [Sentence]
  /// How the run with the edits went; nil if it wasn't tried.
  package var trial: ProposedFix.Trial?

  package init(files: [FileChange], doubts: [Sentence] = [], trial: ProposedFix.Trial? = nil) {
    self.files = files
    self.doubts = doubts
    self.trial = trial
  }

  package var applicability: Applicability { doubts.isEmpty ? .applies : .needsReview }
}

extension Fix {
  init(_ proposal: ProposedFix) {
    self.init(
      files: proposal.files, doubts: proposal.doubts.map(\.sentence), trial: proposal.trial)
  }
}

extension ProposedFix.Doubt {
  package var sentence: Sentence {
    let file: Sentence = path.map { " of \(path: $0)" } ?? ""
    let place: Sentence = (line.map { "line \($0)" } ?? "the file") + file
    let shown: Sentence = name.map { "\(code: $0)" } ?? "a name"
    return switch kind {
    case .guardHasElse:
      "the guard of \(place) has an \(code: "else"), which workers execute"
    case .importsAll: "\(place) imports names that the text does not show"
    case .leavesModule: "\(place) is only valid in a function or a notebook"
    case .movesDefinition:
      "\(shown) (\(place)) moves under the guard, where workers do not have it"
    case .workersNeed:
      "\(place) uses \(shown), which workers do not have after the edit"
    case .bindsAgain:
      "\(place) binds \(shown) again, and is executed before what moves under the guard"
    case .encoding: "in the encoding \(shown), the text can't be read for certain"
    case .importIsConditional:
      "\(place) is not always executed, and the call that is added under the guard is"
    case .readsNamespace: "\(place) uses \(shown), which is something else in a function"
    case .exportsMoved:
      "\(code: "__all__") (\(place)) has \(shown), which an import no longer binds"
    case .dropsAnnotation: "\(shown) (\(place)) loses its annotation"
    case .bindsLater:
      "other files may need \(shown) while they are imported, before it is bound"
    case .other: "\(place) is doubted for a reason that this version does not know"
    case .repeats:
      "\(place) stays, so each worker executes it, too: move it if only the first process needs it"
    case .ownCopy:
      "each worker makes its own \(shown) (\(place)): hand it to the workers as an argument"
    case .trial: "the run with the edit did not end well"
    case .redacted: "\(place) holds something like a secret, which is left out here"
    }
  }
}
