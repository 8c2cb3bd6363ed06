internal import Foundation
internal import Testing

extension Trait where Self == ConditionTrait {
  /// Skips a test, with the reason in its output, if it doesn't run as root.
  static func root(_ reason: Comment) -> Self {
    .enabled(if: geteuid() == 0, reason)
  }
}
