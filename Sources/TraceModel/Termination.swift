/// How a process ended.
package enum Termination: Hashable, Sendable {
  case status(Int32)
  case signal(Int32)
}
