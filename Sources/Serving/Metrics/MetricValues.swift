/// The values of all metrics at one moment.
package struct MetricValues: Sendable, Hashable {
  /// The version of the program.
  package var version: String

  /// No counts yet.
  package init(version: String) {
    self.version = version
  }
}
