package import Operations

/// A request to a receiver of telemetry.
package struct ExportPost: Sendable, Hashable {
  /// The complete address.
  package var address: String
  /// Those of the body, and those that the environment names, which may be secret.
  package var headers: [HTTPField]
  /// JSON.
  package var body: [UInt8]
}

/// The outcome of a request to a receiver.
package enum ExportResponse: Sendable, Hashable {
  case response(APIResponse)
  /// One phrase without a secret: no response came.
  case failure(String)
}

/// A kind of telemetry, as messages name it.
package enum ExportedKind: String, Sendable, Hashable {
  case traces
  case metrics
}

/// What should be known of an export.
package enum ExportReport: Sendable, Hashable {
  /// A batch was received.
  case exported(ExportedKind)
  /// A batch could not be delivered, for this reason.
  case failed(ExportedKind, reason: String)
  /// The receiver took a batch in part, or has a warning about it.
  case partial(ExportedKind, rejected: Int, reason: String?)
  /// So many spans were dropped since the last report, because too many waited.
  case dropped(Int)
}

/// What exporting needs of the world around it.
package struct ExportEnvironment: Sendable {
  /// Sends a request.
  package var post: @Sendable (ExportPost) async -> ExportResponse
  /// The present instant.
  package var now: @Sendable () -> Moment
  /// Returns after a duration, or throws when its task is cancelled.
  package var sleep: @Sendable (Duration) async throws -> Void
  /// A random number from 0 to 1, by which pauses differ.
  package var jitter: @Sendable () -> Double
  /// Receives what should be known; must not wait.
  package var report: @Sendable (ExportReport) -> Void

  /// An environment in which time passes by `now` and `sleep`.
  package init(
    post: @escaping @Sendable (ExportPost) async -> ExportResponse,
    now: @escaping @Sendable () -> Moment,
    sleep: @escaping @Sendable (Duration) async throws -> Void,
    jitter: @escaping @Sendable () -> Double,
    report: @escaping @Sendable (ExportReport) -> Void
  ) {
    self.post = post
    self.now = now
    self.sleep = sleep
    self.jitter = jitter
    self.report = report
  }
}
