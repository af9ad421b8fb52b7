import Diagnostics
import Operations
import Synchronization

/// The description of the API, read once for all rollouts of a daemon.
final class DescriptionCache: Sendable {
  private struct State: Sendable {
    var current: (description: APIDescription, text: [UInt8])?
    /// The latest one that was recorded with other text.
    var other: (description: APIDescription, text: [UInt8])?
  }

  private let options: DescriptionOptions
  private let state = Mutex(State())

  /// The description that `options` name.
  init(_ options: DescriptionOptions) {
    self.options = options
  }

  /// The description for rollouts that are started, and its text; throws as `DescriptionOptions` does.
  func current() throws -> (description: APIDescription, text: [UInt8]) {
    try state.withLock { state in
      if let current = state.current { return current }
      let current = try options.loadWithText()
      state.current = current
      return current
    }
  }

  /// The description that a rollout was recorded with.
  func described(by text: [UInt8]) throws(InvalidInput) -> APIDescription {
    let known = state.withLock { state in
      [state.current, state.other].compactMap { $0 }.first { $0.text == text }?.description
    }
    if let known { return known }
    let description = try APIDescription(
      parsing: text, file: "the API description of the rollout")
    state.withLock { $0.other = (description, text) }
    return description
  }
}
