/// The version of spawntrace, as reports and recordings have it.
package enum Version {
  package static let current = "0.1.0"
}
