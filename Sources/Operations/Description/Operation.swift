package import OrderedCollections

/// One operation of the API, as the description tells it.
package struct Operation: Sendable, Hashable {
  /// The id, such as `data-token.reserve-token-space`.
  package var id: String
  package var title: String
  package var summary: String
  /// The section of the API's navigation, such as `Data Token`.
  package var section: String
  /// Where and how it is called; the first is tried first, the others on 404 or 405.
  package var routes: [Route]
  package var authorization: Authorization
  package var encoding: Encoding
  package var fields: OrderedDictionary<String, Field>
  package var answer: OrderedDictionary<String, AnswerField>
  package var completion: Completion
  package var repetition: Repetition
  /// How well the sources support it, such as `seen-on-wire`.
  package var confidence: String
  /// Where it is documented, for a person.
  package var sources: [String]

  package init(
    id: String, title: String, summary: String, section: String, routes: [Route],
    authorization: Authorization, encoding: Encoding, fields: OrderedDictionary<String, Field>,
    answer: OrderedDictionary<String, AnswerField>, completion: Completion,
    repetition: Repetition, confidence: String, sources: [String]
  ) {
    self.id = id
    self.title = title
    self.summary = summary
    self.section = section
    self.routes = routes
    self.authorization = authorization
    self.encoding = encoding
    self.fields = fields
    self.answer = answer
    self.completion = completion
    self.repetition = repetition
    self.confidence = confidence
    self.sources = sources
  }

  /// One way to reach the operation.
  package struct Route: Sendable, Hashable {
    package var endpoint: Endpoint
    package var method: String
    /// The path template, with `{name}` for path fields.
    package var path: String
    /// The encoding of this way's body when it is not the operation's.
    package var encoding: Encoding?

    package init(
      endpoint: Endpoint, method: String, path: String, encoding: Encoding? = nil
    ) {
      self.endpoint = endpoint
      self.method = method
      self.path = path
      self.encoding = encoding
    }
  }

  /// How a request proves who sends it.
  package enum Authorization: String, Sendable, Hashable {
    case none
    /// Header `X-DPT-AUTHORIZATION` with the session's token (protocol.md §4).
    case token
    /// `Authorization: Basic` of client id and secret (protocol.md §11).
    case clientBasic = "client-basic"
    /// `Authorization: Basic` followed by the raw access token (protocol.md §11).
    case accessToken = "access-token"
    /// The single-use value in `?auth=` (protocol.md §7).
    case streamAuth = "stream-auth"
  }

  /// How the body is written.
  package enum Encoding: String, Sendable, Hashable {
    case none
    /// `application/x-www-form-urlencoded`.
    case form
    case json
    /// The bytes of the one field in the body.
    case octets
  }

  /// How the caller learns that the operation is done.
  package enum Completion: String, Sendable, Hashable {
    /// The HTTP answer is the end.
    case http
    /// A command id is answered; its status ends it (protocol.md §2).
    case commandStatus = "command-status"
    /// A request id is answered; a message with that id brings the data (protocol.md §3).
    case requestID = "request-id"
    /// Bytes go up or come down; the HTTP answer is the end.
    case stream
  }

  /// What happens when the same request is sent twice.
  package enum Repetition: String, Sendable, Hashable {
    /// It only reads.
    case safe
    /// It has the same end state as sending it once.
    case harmless
    /// A second effect is possible; a read tells whether the first happened.
    case detectable
    /// A second effect is possible and nothing tells.
    case unsafe
  }
}

/// One field that a call takes.
package struct Field: Sendable, Hashable {
  /// Where the field travels.
  package enum Place: String, Sendable, Hashable {
    case path
    case query
    case body
    /// Nowhere: it steers this program (a key that proves an answer, say).
    case local
  }

  /// What the field holds.
  package indirect enum Kind: Sendable, Hashable {
    case string
    case integer
    case number
    case boolean
    case bytes
    case list(of: Kind)
    case map
    case any
  }

  package var place: Place
  package var kind: Kind
  package var isRequired: Bool
  package var isSensitive: Bool
  package var allowed: [String]
  package var minimum: Int?
  package var maximum: Int?
  /// Further names under which the same value is sent too (protocol.md §13, column "send").
  package var alsoSentAs: [String]
  package var summary: String

  package init(
    place: Place, kind: Kind, isRequired: Bool, isSensitive: Bool = false, allowed: [String] = [],
    minimum: Int? = nil, maximum: Int? = nil, alsoSentAs: [String] = [], summary: String = ""
  ) {
    self.place = place
    self.kind = kind
    self.isRequired = isRequired
    self.isSensitive = isSensitive
    self.allowed = allowed
    self.minimum = minimum
    self.maximum = maximum
    self.alsoSentAs = alsoSentAs
    self.summary = summary
  }
}

/// One field that a finished call offers to later steps.
package struct AnswerField: Sendable, Hashable {
  package var kind: Field.Kind
  /// Where it is looked for, in order: a name of the answer's object, `$` for a bare value, `$list`
  /// for a list of records in any shape, `$commandId`, `$requestId`, or `$header.NAME`.
  package var from: [String]
  package var isSensitive: Bool
  package var summary: String

  package init(kind: Field.Kind, from: [String], isSensitive: Bool = false, summary: String = "") {
    self.kind = kind
    self.from = from
    self.isSensitive = isSensitive
    self.summary = summary
  }
}
