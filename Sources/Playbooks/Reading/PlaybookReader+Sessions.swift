import Diagnostics
import Expressions

/// `session`: whose profile is acted for.
extension PlaybookReader {
  private static let loginKeys = ownKeys(of: .login, besides: .application)
  private static let applicationKeys = ownKeys(of: .application, besides: .login)

  private static func ownKeys(
    of kind: PlaybookMapping, besides other: PlaybookMapping
  ) -> [String] {
    kind.keys.filter { !other.keys.contains($0) }
  }

  mutating func readSession(_ node: YAMLNode) -> SessionChoice {
    if node.entries != nil {
      return readCredentials(node).map { .own($0) } ?? .default
    }
    switch node.text {
    case "default": return .default
    case "none": return .none
    default:
      skip(node)
      report(
        .wrongType, "`session` must be `default`, `none` or credentials", at: node.location,
        hint: node.text.flatMap { didYouMean($0, among: ["default", "none"]) }
          ?? "credentials are `{ username: …, password: … }`")
      return .default
    }
  }

  /// Credentials of exactly one kind; a password or token in plain text is at least marked secret.
  mutating func readCredentials(_ node: YAMLNode) -> Credentials? {
    let hint = "write `session: { username: …, password: … }`"
    guard let written = entries(of: node, "`session`", hint: hint) else { return nil }
    let entries = checkKeys(
      of: written, of: "`session`", known: Self.loginKeys + PlaybookMapping.application.keys)
    let start = node.headLocation
    let isRevoked = entries.value(of: "revoke").map { readFlag($0, "`revoke`") } ?? false
    let first = entries.first { (Self.loginKeys + Self.applicationKeys).contains($0.key) }
    let isApplication = first.map { Self.applicationKeys.contains($0.key) } ?? false
    let others = isApplication ? Self.loginKeys : Self.applicationKeys
    if let other = entries.first(where: { others.contains($0.key) }) {
      skip(node)
      report(
        .mixedSession, "`session` holds both a login and the tokens of an application",
        at: other.keyLocation, hint: "give either `username` and `password`, or `access-token`")
      return nil
    }
    let kind =
      isApplication ? readApplication(entries, at: start) : readLogin(entries, at: start)
    return kind.map { Credentials($0, isRevoked: isRevoked, location: start) }
  }

  private mutating func readLogin(
    _ entries: [YAMLNode.Entry], at start: SourceLocation
  ) -> Credentials.Kind? {
    let username = required("username", in: entries, of: "`session`", at: start)
      .flatMap { textTemplate(of: $0, "`username`") }
    let password = required("password", in: entries, of: "`session`", at: start)
      .flatMap { textTemplate(of: $0, "`password`") }
    guard let username, let password else { return leave([username, password?.hiddenLiteral]) }
    return .profile(username: username, password: password.hiddenLiteral)
  }

  private mutating func readApplication(
    _ entries: [YAMLNode.Entry], at start: SourceLocation
  ) -> Credentials.Kind? {
    let access = required(
      "access-token", in: entries, of: "the session of an application", at: start
    ).flatMap { textTemplate(of: $0, "`access-token`") }
    let refresh = entries.value(of: "refresh-token")
      .map { textTemplate(of: $0, "`refresh-token`") }
    let end = entries.value(of: "expires-at").map { readInstant($0, "`expires-at`") }
    guard let access, refresh != .some(nil), end != .some(nil) else {
      return leave([access?.hiddenLiteral, refresh??.hiddenLiteral, end ?? nil])
    }
    return .application(
      accessToken: access.hiddenLiteral, refreshToken: refresh??.hiddenLiteral,
      expiresAt: end ?? nil)
  }

  /// An instant in RFC 3339, or an expression that gives one.
  private mutating func readInstant(_ node: YAMLNode, _ subject: String) -> Template? {
    guard let template = textTemplate(of: node, subject) else { return nil }
    guard case .literal(let value, let location, _) = template,
      value.text.flatMap({ Timestamp(rfc3339: $0) }) == nil
    else { return template }
    report(
      .wrongType, "\(subject) must be an instant", at: location,
      hint: "write it as RFC 3339, like `2026-05-01T12:00:00Z`")
    return nil
  }

  /// A plain `true` or `false`; false when it is neither.
  mutating func readFlag(_ node: YAMLNode, _ subject: String) -> Bool {
    if case .bool(let flag) = node.scalarValue { return flag }
    report(
      .wrongType, "\(subject) must be `true` or `false`", at: node.headLocation,
      hint: "it is known before the run: it cannot be an expression")
    return false
  }
}

extension Template {
  /// A literal marked secret; anything else as it is.
  fileprivate var hiddenLiteral: Template {
    switch self {
    case .literal(let value, let location, _): .literal(value.hidden, location)
    case .expression, .text, .list, .map: self
    }
  }
}
