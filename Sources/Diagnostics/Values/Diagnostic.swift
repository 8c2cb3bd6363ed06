package import Analysis

/// All that is said about a finding, in whole sentences: no widths, no colours, nothing cut.
///
/// Reports for people lay it out; exporters take it as it is.
package struct Diagnostic: Hashable, Sendable {
  package var rule: Rule
  package var severity: Severity
  /// The finding in one sentence, without a full stop.
  package var title: String
  package var fingerprint: String
  /// Where to look first; nil if no place is known.
  package var location: Sentence?
  /// What is said at the culprit; nil if there is none.
  package var label: Label?
  package var chain: Chain?
  package var notes: [Note]
  /// What to change; empty if nothing shows it.
  package var advice: Sentence
  /// Another way to mend it, with what it costs; nil if none is known.
  package var alternative: Sentence?
  /// The change as edits; nil if only words can say it.
  package var fix: Fix?
  /// How sure the finding is, and by which event; nil if that needs no words.
  package var proof: String?
  package var reference: Reference?

  /// A sentence about one place of the program.
  package struct Label: Hashable, Sendable {
    package var place: SourceLocation
    package var sentence: Sentence

    package init(place: SourceLocation, sentence: Sentence) {
      self.place = place
      self.sentence = sentence
    }
  }

  /// Steps that follow each other.
  package struct Chain: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
      /// A script runs, starts workers, and is run again by them.
      case reexecution
      /// Programs start each other, or replace each other in one process.
      case repetition
      /// Each process waits for the next one.
      case waits
    }

    /// What a step does with the one before it.
    package enum Relation: Hashable, Sendable {
      case runs
      case starts
      case runsAgain
      case waits
    }

    package struct Step: Hashable, Sendable {
      package var relation: Relation
      /// The process's number in the report.
      package var process: Int?
      /// nil if no place is known.
      package var place: Place?
      package var sentence: Sentence
      /// The program's text at the place, if it adds something.
      package var source: String?

      package init(
        _ relation: Relation, process: Int?, place: Place?, _ sentence: Sentence,
        source: String? = nil
      ) {
        self.relation = relation
        self.process = process
        self.place = place
        self.sentence = sentence
        self.source = source
      }
    }

    package var kind: Kind
    /// Whether the last step leads back to the first one, or is the first one again.
    package var isClosed: Bool
    package var steps: [Step]

    package init(_ kind: Kind, isClosed: Bool, steps: [Step]) {
      self.kind = kind
      self.isClosed = isClosed
      self.steps = steps
    }
  }

  /// A sentence about one aspect of the finding.
  package struct Note: Hashable, Sendable {
    package enum Topic: Hashable, Sendable {
      /// What the fault does to the run; nil if it isn't known yet.
      case consequence(Consequence?)
      case why
      /// What could not be seen.
      case unseen
      case diedOf
      case ended
      case worker
      case started
      /// What an exception says.
      case message
      case sentBy
      case pickle
      case seen
      case depth
      /// A process that has started many others.
      case starter
      /// The start method of the workers, and what has chosen it.
      case startMethod
      /// The test that asked for the workers.
      case test
    }

    package var topic: Topic
    package var sentence: Sentence

    package init(_ topic: Topic, _ sentence: Sentence) {
      self.topic = topic
      self.sentence = sentence
    }
  }

  /// Where more can be read.
  package enum Reference: Hashable, Sendable {
    /// An address.
    case documentation(String)
    /// The rule's description in the catalogue.
    case explanation
  }
}

extension Diagnostic.Note.Topic {
  /// The name under which a report has the note.
  package var label: String {
    switch self {
    case .consequence(let consequence): consequence?.rawValue ?? "effect"
    case .why: "why"
    case .unseen: "unseen"
    case .diedOf: "died of"
    case .ended: "ended"
    case .worker: "worker"
    case .started: "started"
    case .message: "message"
    case .sentBy: "sent by"
    case .pickle: "pickle"
    case .seen: "seen"
    case .depth: "depth"
    case .starter: "parent"
    case .startMethod: "start method"
    case .test: "test"
    }
  }
}
