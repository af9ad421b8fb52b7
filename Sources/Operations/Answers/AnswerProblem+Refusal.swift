import Expressions
import Playbooks

extension AnswerProblem {
  /// The problem that a status outside 2xx reports (protocol.md §12).
  ///
  /// Both `reason` and what the headers say are shown without what `scrubber` knows.
  init(refusing response: APIResponse, reason: String?, hiding scrubber: SecretScrubber) {
    let kind: FailureClass =
      switch response.status {
      case 401: .unauthorised
      case 408: .timeout
      case 429: .throttled
      case 400..<500: .invalid
      case 500..<600: .serverError
      default: .malformed
      }
    let message: String
    switch response.status {
    case 300..<400: message = response.redirection(hiding: scrubber)
    case 200..<600:
      message = "HTTP \(response.status)\(reason.map { ": \($0)" } ?? " without a reason")"
    case ..<200: message = "HTTP \(response.status) is no final answer"
    default: message = "HTTP \(response.status) is no status of HTTP"
    }
    self.init(kind, message, retryAfter: RetryAfter.read(response))
  }
}

extension APIResponse {
  /// Where a redirect leads, of which only scheme, host and port are shown.
  fileprivate func redirection(hiding scrubber: SecretScrubber) -> String {
    let location = header("Location").map { scrubber.scrub($0.clipped(to: SecretScrubber.margin)) }
    let target = location.flatMap(Self.origin)?.printable(100)
    guard let target else { return "HTTP \(status) leads nowhere: it is no answer to this request" }
    return "HTTP \(status) leads to \(target), and redirects are not followed"
  }

  private static func origin(of location: String) -> String? {
    let location = location.trimmed
    guard location.isAddress, let scheme = location.firstRange(of: "://") else {
      return location.isEmpty ? nil : "another path of the same server"
    }
    let authority = location[scheme.upperBound...].prefix { !"/?#\\".contains($0) }
    let host = authority.split(separator: "@", omittingEmptySubsequences: false).last ?? ""
    return String(location[..<scheme.upperBound] + host)
  }
}

extension Operation {
  /// The problem of a 2xx answer that does not hold what it must.
  ///
  /// Nothing of the answer is quoted but the title of a page: a body that cannot be understood
  /// may hold a token anywhere.
  func malformed(
    _ response: APIResponse, body: AnswerBody, lacking: String?, hiding scrubber: SecretScrubber
  ) -> AnswerProblem {
    let type =
      response.header("Content-Type").map { scrubber.line($0, limit: 80) } ?? "no content type"
    let found: String =
      switch body {
      case .empty: "an empty body"
      case .json: "JSON of another shape"
      case .page(let title):
        (title.map { "a page titled “\(scrubber.line($0, limit: 100))”" } ?? "a page")
          + " instead of \(answersBytes ? "data" : "JSON")"
      case .text: "plain text instead of JSON"
      case .broken(let error): "JSON that cannot be read: \(error)"
      case .binary: "bytes that are neither text nor JSON"
      }
    let lack = lacking.map { " without \($0)" } ?? ""
    return AnswerProblem(
      .malformed,
      "HTTP \(response.status)\(lack): \(found) (\(type), \(response.body.count) bytes)")
  }
}
