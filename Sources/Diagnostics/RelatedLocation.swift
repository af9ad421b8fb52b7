/// A second place that a diagnostic is about, such as where a name was first given.
package struct RelatedLocation: Sendable, Hashable {
  /// What is there, such as `first given here`, in a few words without a full stop.
  package var text: String
  /// Where that is, in the same file or in another.
  package var location: SourceLocation

  /// The place `location`, at which there is `text`.
  package init(_ text: String, at location: SourceLocation) {
    self.text = text
    self.location = location
  }
}
