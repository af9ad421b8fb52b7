/// What one HTTP or socket status says when something is refused.
package struct StatusMeaning: Sendable, Hashable {
  /// The status of HTTP (400 and above) or of a socket message.
  package var status: Int
  /// What the status says, in one phrase for the manual; empty when the description does not say.
  package var meaning: String

  /// What `status` says, in the words of the description.
  package init(_ status: Int, _ meaning: String) {
    self.status = status
    self.meaning = meaning
  }
}
