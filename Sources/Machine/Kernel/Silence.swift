import Operations

/// Which addresses of the service do not answer, and since when.
struct Silence: Sendable {
  struct Address: Sendable {
    var since: Moment
    var lastTry: Moment
    var nextReport: Moment
    var reason: String?
    var isReported = false
  }

  /// By origin.
  var addresses: [String: Address] = [:]
  /// Where the requests went that have no answer yet.
  var requests: [RequestID: String] = [:]

  /// When the next report is due.
  var nextReport: Moment? { addresses.values.map(\.nextReport).min() }
}
