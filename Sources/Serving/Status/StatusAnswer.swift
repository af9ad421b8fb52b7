/// A response of the status server.
package struct StatusAnswer: Sendable, Hashable {
  /// The status code.
  package var status: Int
  /// The media type of the body.
  package var contentType: String
  /// The body, which a response to HEAD only counts.
  package var body: [UInt8]
  /// The methods that are allowed, where the one of the request is not.
  package var allowed: String?

  /// A response with that body.
  package init(_ status: Int, _ contentType: String, _ body: [UInt8], allowed: String? = nil) {
    self.status = status
    self.contentType = contentType
    self.body = body
    self.allowed = allowed
  }

  /// A response of one line for people.
  static func line(_ status: Int, _ text: String, allowed: String? = nil) -> StatusAnswer {
    StatusAnswer(
      status, "text/plain; charset=utf-8", Array("\(text)\n".utf8), allowed: allowed)
  }
}
