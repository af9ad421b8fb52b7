extension Operation {
  /// Whether a call of it may change something at the service: reads do not, nor what only hands out
  /// tokens or payloads.
  package var mayChange: Bool {
    repetition != .safe && (lookup != nil || completion == .commandStatus)
  }
}
