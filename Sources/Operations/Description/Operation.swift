package import Expressions
package import OrderedCollections

/// One operation of the API, as the description defines it.
package struct Operation: Sendable, Hashable {
  /// The id, such as `data-token.reserve-token-space`.
  package var id: String
  /// A short name for people, such as `Register new profile`.
  package var title: String
  /// What the operation does, in one or two sentences for its page of the manual.
  package var summary: String
  /// The section of the API's navigation, such as `Data Token`.
  package var section: String
  /// Where and how it is called; the first is tried first, the others on 404 or 405.
  package var routes: [Route]
  /// The authorization of every route that names none of its own.
  package var authorization: Authorization
  /// The form of the body of every route that names none of its own.
  package var encoding: Encoding
  /// What a call gives, by name, in the order of the description.
  package var fields: OrderedDictionary<String, Field>
  /// What a finished call offers to later steps, by name, in the order of the description.
  package var answer: OrderedDictionary<String, AnswerField>
  /// Where the outcome of an accepted call comes from.
  package var completion: Completion
  /// Whether a request that may have taken effect is sent again (`safe` and `harmless` are).
  package var repetition: Repetition
  /// How well the sources support it, such as `seen-on-wire`.
  package var confidence: String
  /// Where it is documented, for a person.
  package var sources: [String]
  /// What the statuses mean with which it may be refused at once.
  package var errors: [StatusMeaning]
  /// Why it may be refused after it was accepted, a sentence each.
  package var rejections: [String]
  /// What a person should know of it, such as where the sources differ.
  package var notes: [String]
  /// Names under which an answer may hold something secret, as `SensitiveNames` folds them.
  package var sensitiveNames: SensitiveNames
  /// Whether every 2xx counts, however little its body can be understood.
  package var acceptsAnyBody: Bool
  /// How what the operation creates is found again, or nil when it creates nothing that can be.
  package var lookup: Lookup?
  /// The answer's field that identifies what was created, so that no command id is needed.
  package var identifiedBy: String?
  /// Whether a policy can hold the accepted command until a vote is over (protocol.md §10), so that its
  /// effect may come hours later.
  package var isGated: Bool
  /// The field whose value the service takes once, so that no repeat has a second effect; nil where
  /// there is none.
  package var singleUseField: String?
  /// The field that holds the new password of the session's user, where the operation sets one.
  package var passwordField: String?
  /// What it does at the service, and what follows from it.
  package var consequences: Consequences

  /// An operation with at least one route; the names in it are checked by `APIDescription`, not
  /// here.
  ///
  /// Without `consequences` the effect follows from `repetition` and `lookup`.
  package init(
    id: String, title: String, summary: String, section: String, routes: [Route],
    authorization: Authorization, encoding: Encoding, fields: OrderedDictionary<String, Field>,
    answer: OrderedDictionary<String, AnswerField>, completion: Completion,
    repetition: Repetition, confidence: String, sources: [String],
    errors: [StatusMeaning] = [], rejections: [String] = [], notes: [String] = [],
    sensitiveNames: SensitiveNames = SensitiveNames([]), acceptsAnyBody: Bool = false,
    lookup: Lookup? = nil, identifiedBy: String? = nil, isGated: Bool = false,
    singleUseField: String? = nil, passwordField: String? = nil,
    consequences: Consequences? = nil
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
    self.errors = errors
    self.rejections = rejections
    self.notes = notes
    self.sensitiveNames = sensitiveNames
    self.acceptsAnyBody = acceptsAnyBody
    self.lookup = lookup
    self.identifiedBy = identifiedBy
    self.isGated = isGated
    self.singleUseField = singleUseField
    self.passwordField = passwordField
    self.consequences = consequences ?? Consequences(Effect(of: repetition, lookup))
  }

  /// Whether the fields of an answer identify what was created (protocol.md §15, "create-voting").
  package func isIdentified(by fields: ValueMap) -> Bool {
    identifiedBy.map { (fields[$0] ?? .null) != .null } ?? false
  }

  /// What may help when the operation was refused after it was accepted.
  package var rejectionHint: String {
    let advice = "change the input; the same request is not tried again"
    let reasons = rejections.map { $0.prefix(1).lowercased() + $0.dropFirst() }
    return reasons.isEmpty ? advice : "\(advice); known reasons: \(reasons.joined(separator: "; "))"
  }

  /// One way to reach the operation.
  package struct Route: Sendable, Hashable {
    /// Which of the service's addresses `path` belongs to.
    package var endpoint: Endpoint
    /// The HTTP method as it is sent, in capitals.
    package var method: String
    /// The path template, with `{name}` for path fields.
    package var path: String
    /// The encoding of this way's body when it is not the operation's.
    package var encoding: Encoding?
    /// The authorization of this way when it is not the operation's.
    package var authorization: Authorization?
    /// The statuses of the way before that make this one worth a try.
    package var triedOn: Set<Int>
    /// Whether a JSON body on one of those statuses speaks of the record, not of the way, so that
    /// this way is not tried (protocol.md §2, "Polling").
    package var heedsJSON: Bool

    /// A route that uses the operation's own encoding and authorization unless it names others.
    package init(
      endpoint: Endpoint, method: String, path: String, encoding: Encoding? = nil,
      authorization: Authorization? = nil, triedOn: Set<Int> = [404, 405], heedsJSON: Bool = false
    ) {
      self.endpoint = endpoint
      self.method = method
      self.path = path
      self.encoding = encoding
      self.authorization = authorization
      self.triedOn = triedOn
      self.heedsJSON = heedsJSON
    }
  }

  /// How a request proves who sends it.
  package enum Authorization: String, Sendable, Hashable, CaseIterable {
    case none
    /// Header `X-DPT-AUTHORIZATION` with the session's token (protocol.md §4).
    case token
    /// The same when there is a token, else nothing.
    case tokenIfAny = "token-if-any"
    /// `Authorization: Basic` of client id and secret (protocol.md §11).
    case clientBasic = "client-basic"
    /// `Authorization: Basic` followed by the raw access token (protocol.md §11).
    case accessToken = "access-token"
    /// `Authorization: Basic` followed by the raw authorization code (protocol.md §13).
    case authorizationCode = "authorization-code"
    /// The single-use value in `?auth=` (protocol.md §7).
    case streamAuth = "stream-auth"
  }

  /// How the body is written.
  package enum Encoding: String, Sendable, Hashable, CaseIterable {
    case none
    /// `application/x-www-form-urlencoded`.
    case form
    case json
    /// The bytes of the one field in the body.
    case octets
  }

  /// How the caller learns that the operation is done.
  package enum Completion: String, Sendable, Hashable, CaseIterable {
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
  package enum Repetition: String, Sendable, Hashable, CaseIterable {
    /// It only reads.
    case safe
    /// It has the same end state as sending it once.
    case harmless
    /// A second effect is possible; a read shows whether the first happened.
    case detectable
    /// A second effect is possible and nothing shows it.
    case unsafe

    /// Whether a second sending is allowed without knowing the outcome of the first.
    package var isRepeatable: Bool {
      switch self {
      case .safe, .harmless: true
      case .detectable, .unsafe: false
      }
    }
  }
}
