package import OrderedCollections

/// One WebSocket message or action, described for a person; a run handles these automatically.
package struct SocketEntry: Sendable, Hashable {
  /// Who begins the exchange that the entry describes.
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
  /// A short name for people, such as `Join channel`.
  package var title: String
  /// What happens, in one or two sentences for its page of the manual.
  package var summary: String
  /// Whether the entry is a connection, a request of the client or a message of the service.
  package var kind: Kind
  /// Where the socket is, for a connection.
  package var url: String?
  /// What the client sends.
  package var fields: OrderedDictionary<String, Field>
  /// What the service sends.
  package var answer: OrderedDictionary<String, AnswerField>
  /// The statuses with which the service may refuse, in the order of the description.
  package var errors: [StatusMeaning]
  /// An operation whose step makes it happen.
  package var seenBy: String
  /// What a person should know of it, such as where the sources differ; a sentence each.
  package var notes: [String]
  /// How well the sources support it, such as `seen-on-wire`.
  package var confidence: String
  /// Where it is documented, for a person.
  package var sources: [String]
}
