/// What one HTTP or socket status says when something is refused.
package struct StatusMeaning: Sendable, Hashable {
  package var status: Int
  package var meaning: String

  package init(_ status: Int, _ meaning: String) {
    self.status = status
    self.meaning = meaning
  }
}
