internal import Redaction

extension LiveSettings {
  /// The command as its user has typed it, for the text on his own terminal; nil if there is a secret
  /// in it.
  package var shownCommand: [String]? {
    let redactor = Redactor(
      environment: Environment.variables, hiding: ArgumentHider(.random()), keepsArguments: true)
    return redactor.arguments(command, of: nil) == command ? command : nil
  }
}
