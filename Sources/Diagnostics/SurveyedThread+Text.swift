package import Analysis
internal import Multiprocessing
package import TraceModel

extension SurveyedThread {
  /// The thread's number, and its name if it differs from its process's. Python gives threads names
  /// in the kernel since 3.14.
  package func name(in survey: RunSurvey) -> String {
    let main = survey.threads.first { $0.process == process && $0.isMain }
    let isOwn = !activity.name.isEmpty && activity.name != main?.activity.name
    return "thread \(thread.rawValue)" + (isOwn ? " \(activity.name)" : "")
  }

  /// The innermost frame of the user's code, or else the innermost one.
  package var mostFamiliarFrame: PythonFrame? {
    frames.first { CodeOrigin(path: $0.path) == .user } ?? frames.first
  }
}
