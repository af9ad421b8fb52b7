package import OrderedCollections

/// One WebSocket message or action, described for a person; a run handles these automatically.
package struct SocketEntry: Sendable, Hashable {
  package enum Kind: String, Sendable, Hashable, CaseIterable {
    /// The socket is opened.
    case connection
    /// The client sends, and the service answers on the same socket.
    case request
    /// The service sends, unasked.
    case message
  }

  /// The id, such as `websockets.join-channel`.
  package var id: String
  package var title: String
  package var summary: String
  package var kind: Kind
  /// Where the socket is, for a connection.
  package var url: String?
  /// What the client sends.
  package var fields: OrderedDictionary<String, Field>
  /// What the service sends.
  package var answer: OrderedDictionary<String, AnswerField>
  package var errors: [StatusMeaning]
  /// An operation whose step makes it happen.
  package var seenBy: String
  package var notes: [String]
  package var confidence: String
  package var sources: [String]
}
