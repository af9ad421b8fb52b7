import Events
import Expressions
import Operations

/// Delivers batches to one receiver, again where that makes sense (OTLP §4.2).
struct ExportDelivery: Sendable {
  /// So often a batch is sent at most.
  private static let tries = 5
  /// The pause before the second try, which doubles.
  private static let firstPause: Duration = .seconds(1)
  /// The longest pause that a receiver is obeyed.
  private static let longestPause: Duration = .seconds(30)
  /// The most characters of a receiver's own words that are repeated.
  private static let longestReason = 200

  let kind: ExportedKind
  let destination: TelemetrySettings.Destination
  let environment: ExportEnvironment

  /// Sends `body`, and reports the outcome; a batch that cannot be delivered is lost.
  func deliver(_ body: EncodedJSON) async {
    let post = ExportPost(
      address: destination.address,
      headers: [HTTPField("Content-Type", "application/json")] + destination.headers,
      body: Array(body.line.utf8))
    var pause = Self.firstPause
    for number in 1...Self.tries {
      switch verdict(on: await environment.post(post)) {
      case .delivered: return environment.report(.exported(kind))
      case .partial(let rejected, let reason):
        return environment.report(.partial(kind, rejected: rejected, reason: reason))
      case .refused(let reason):
        return environment.report(.failed(kind, reason: reason))
      case .again(let reason, let requested):
        // Jitter, so that many clients of a receiver do not come at once.
        let wait = min(
          requested ?? pause * (0.5 + environment.jitter() / 2), Self.longestPause)
        guard number < Self.tries, (try? await environment.sleep(wait)) != nil else {
          return environment.report(.failed(kind, reason: reason))
        }
        pause *= 2
      }
    }
  }

  private enum Verdict {
    case delivered
    case partial(rejected: Int, reason: String?)
    case refused(String)
    case again(String, after: Duration?)
  }

  private func verdict(on response: ExportResponse) -> Verdict {
    switch response {
    case .failure(let reason): return .again(reason, after: nil)
    case .response(let response):
      let reason = "the receiver responded with HTTP \(response.status)"
      switch response.status {
      case 200..<300: return success(response.body)
      case 429, 502, 503, 504: return .again(reason, after: response.retryAfter)
      case _: return .refused(reason)
      }
    }
  }

  /// A receiver that takes a part only says so in its response.
  private func success(_ body: [UInt8]) -> Verdict {
    guard let partial = (try? JSON.parse(body))?[field: "partialSuccess"] else { return .delivered }
    let count = ["rejectedSpans", "rejectedDataPoints"].lazy.compactMap { partial[field: $0] }.first
    let rejected =
      switch count {
      case .int(let number)?: Int(exactly: number) ?? 0
      case .string(let text)?: Int(text) ?? 0
      case _: 0
      }
    let reason = partial[field: "errorMessage"]?.text.map(Self.quotable) ?? ""
    guard rejected > 0 || !reason.isEmpty else { return .delivered }
    return .partial(rejected: rejected, reason: reason.isEmpty ? nil : reason)
  }

  /// The words of a receiver, on one line, without anything that steers a terminal.
  private static func quotable(_ text: String) -> String {
    let scalars = text.unicodeScalars.prefix(longestReason).map { scalar in
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate,
        .unassigned:
        " " as Unicode.Scalar
      case _: scalar
      }
    }
    return String(String.UnicodeScalarView(scalars)).trimmed
  }
}
