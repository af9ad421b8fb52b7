package import Expressions
package import OrderedCollections

/// One operation of the API, as the description defines it.
package struct Operation: Sendable, Hashable {
  /// Shared by all copies: every step of a plan that calls the operation holds one.
  private var facts: Shared<Facts>

  /// An operation with at least one route; the names in it are checked by `APIDescription`, not
  /// here.
  ///
  /// Without `consequences` the effect follows from `repetition` and `lookup`.
  package init(
    id: String, title: String, summary: String, section: String, routes: [Route],
    authorization: Authorization, encoding: Encoding, fields: OrderedDictionary<String, Field>,
    answer: OrderedDictionary<String, AnswerField>, completion: Completion,
    repetition: Repetition, confidence: String, sources: [String],
    errors: [StatusMeaning] = [], rejections: [String] = [], refusals: [String] = [],
    notes: [String] = [],
    sensitiveNames: SensitiveNames = SensitiveNames([]), acceptsAnyBody: Bool = false,
    lookup: Lookup? = nil, identifiedBy: String? = nil, isGated: Bool = false,
    singleUseField: String? = nil, passwordField: String? = nil,
    consequences: Consequences? = nil
  ) {
    facts = Shared(
      Facts(
        id: id, title: title, summary: summary, section: section, routes: routes,
        authorization: authorization, encoding: encoding, fields: fields, answer: answer,
        completion: completion, repetition: repetition, confidence: confidence, sources: sources,
        errors: errors, rejections: rejections, refusals: refusals, notes: notes,
        sensitiveNames: sensitiveNames, acceptsAnyBody: acceptsAnyBody, lookup: lookup,
        identifiedBy: identifiedBy,
        isGated: isGated, singleUseField: singleUseField, passwordField: passwordField,
        consequences: consequences ?? Consequences(Effect(of: repetition, lookup)),
        sectionID: String(id.prefix { $0 != "." }), payloadFields: Self.payloadFields(fields)))
  }

  private static func payloadFields(
    _ fields: OrderedDictionary<String, Field>
  ) -> [Field.Role: String] {
    fields.reduce(into: [:]) { names, field in
      guard let role = field.value.role, names[role] == nil else { return }
      names[role] = field.key
    }
  }

  /// Whether the fields of an answer identify what was created (protocol.md §15, "create-voting").
  package func isIdentified(by fields: ValueMap) -> Bool {
    identifiedBy.map { (fields[$0] ?? .null) != .null } ?? false
  }

  /// What may help when the operation was refused after it was accepted.
  package var rejectionHint: String {
    let advice = "change the input, or what it refers to at the service"
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

/// What it says.
extension Operation {
  /// The id, such as `data-token.reserve-token-space`.
  package var id: String { facts.value.id }
  /// A short name for people, such as `Register new profile`.
  package var title: String { facts.value.title }
  /// What the operation does, in one or two sentences for its page of the manual.
  package var summary: String { facts.value.summary }
  /// The section of the API's navigation, such as `Data Token`.
  package var section: String { facts.value.section }
  /// Where and how it is called; the first is tried first, the others on 404 or 405.
  package var routes: [Route] { facts.value.routes }
  /// The authorization of every route that names none of its own.
  package var authorization: Authorization { facts.value.authorization }
  /// The form of the body of every route that names none of its own.
  package var encoding: Encoding { facts.value.encoding }
  /// What a call gives, by name, in the order of the description.
  package var fields: OrderedDictionary<String, Field> { facts.value.fields }
  /// What a finished call offers to later steps, by name, in the order of the description.
  package var answer: OrderedDictionary<String, AnswerField> { facts.value.answer }
  /// Where the outcome of an accepted call comes from.
  package var completion: Completion { facts.value.completion }
  /// Whether a request that may have taken effect is sent again (`safe` and `harmless` are).
  package var repetition: Repetition {
    get { facts.value.repetition }
    set { change { $0.repetition = newValue } }
  }
  /// How well the sources support it, such as `seen-on-wire`.
  package var confidence: String { facts.value.confidence }
  /// Where it is documented, for a person.
  package var sources: [String] { facts.value.sources }
  /// What the statuses mean with which it may be refused at once.
  package var errors: [StatusMeaning] { facts.value.errors }
  /// Why it may be refused after it was accepted, a sentence each.
  package var rejections: [String] { facts.value.rejections }
  /// The machine-readable reasons for which the service refuses it, at once or later, as far as they are
  /// documented.
  package var refusals: [String] { facts.value.refusals }
  /// What a person should know of it, such as where the sources differ.
  package var notes: [String] { facts.value.notes }
  /// Names under which an answer may hold something secret, as `SensitiveNames` folds them.
  package var sensitiveNames: SensitiveNames { facts.value.sensitiveNames }
  /// Whether every 2xx counts, however little its body can be understood.
  package var acceptsAnyBody: Bool { facts.value.acceptsAnyBody }
  /// How what the operation creates is found again, or nil when it creates nothing that can be.
  package var lookup: Lookup? { facts.value.lookup }
  /// The answer's field that identifies what was created, so that no command id is needed.
  package var identifiedBy: String? { facts.value.identifiedBy }
  /// Whether a policy can hold the accepted command until a vote is over (protocol.md §10), so that its
  /// effect may come hours later.
  package var isGated: Bool { facts.value.isGated }
  /// The field whose value the service takes once, so that no repeat has a second effect; nil where
  /// there is none.
  package var singleUseField: String? { facts.value.singleUseField }
  /// The field that holds the new password of the session's user, where the operation sets one.
  package var passwordField: String? { facts.value.passwordField }
  /// What it does at the service, and what follows from it.
  package var consequences: Consequences {
    get { facts.value.consequences }
    set { change { $0.consequences = newValue } }
  }
  /// The part of the id before the dot, such as `data-token`, which names the section.
  package var sectionID: String { facts.value.sectionID }

  /// The name of the field that does this with the operation's payload.
  package func field(of role: Field.Role) -> String? { facts.value.payloadFields[role] }

  private mutating func change(_ change: (inout Facts) -> Void) {
    var value = facts.value
    change(&value)
    facts = Shared(value)
  }

  fileprivate struct Facts: Sendable, Hashable {
    var id: String
    var title: String
    var summary: String
    var section: String
    var routes: [Route]
    var authorization: Authorization
    var encoding: Encoding
    var fields: OrderedDictionary<String, Field>
    var answer: OrderedDictionary<String, AnswerField>
    var completion: Completion
    var repetition: Repetition
    var confidence: String
    var sources: [String]
    var errors: [StatusMeaning]
    var rejections: [String]
    var refusals: [String]
    var notes: [String]
    var sensitiveNames: SensitiveNames
    var acceptsAnyBody: Bool
    var lookup: Lookup?
    var identifiedBy: String?
    var isGated: Bool
    var singleUseField: String?
    var passwordField: String?
    var consequences: Consequences
    let sectionID: String
    let payloadFields: [Field.Role: String]
  }
}
