import Tracing

/// The attributes of spans: no span has any other.
enum SpanKey: String, CaseIterable {
  case action = "privirun.action"
  case attempt = "privirun.attempt"
  case attempts = "privirun.attempts"
  case awaited = "privirun.awaited"
  case change = "privirun.change"
  case environment = "privirun.environment"
  case errorType = "error.type"
  case means = "privirun.means"
  case method = "http.request.method"
  case operation = "privicore.operation"
  case outcome = "privirun.outcome"
  case playbook = "privirun.playbook"
  case resendCount = "http.request.resend_count"
  case rollout = "privirun.rollout.id"
  case rolloutName = "privirun.rollout.name"
  case run = "privirun.run.id"
  case serverAddress = "server.address"
  case serverPort = "server.port"
  case stage = "privirun.rollout.stage"
  case statusCode = "http.response.status_code"
  case step = "privirun.step.id"
  case stepKind = "privirun.step.kind"
  case stepTitle = "privirun.step.title"
  case template = "url.template"
  case tenant = "privirun.tenant"
  case tenantCount = "privirun.rollout.tenants"
  case waitsFor = "privirun.waits_for"
}

/// Attributes by key; those without a value are left out.
typealias SpanFacts = KeyValuePairs<SpanKey, SpanFact?>

/// The value of an attribute.
enum SpanFact: Sendable, Hashable {
  case text(String)
  case count(Int)
}

extension SpanFact {
  static func text(_ text: String?) -> SpanFact? { text.map { .text($0) } }
  static func count(_ count: Int?) -> SpanFact? { count.map { .count($0) } }

  /// As spans take it, without anything that `mask` hides.
  func attribute(_ mask: (String) -> String) -> SpanAttribute {
    switch self {
    case .text(let text): .string(mask(text))
    case .count(let count): .int64(Int64(count))
    }
  }

  /// As metrics take it.
  func dimension(_ mask: (String) -> String) -> String {
    switch self {
    case .text(let text): mask(text)
    case .count(let count): String(count)
    }
  }
}
