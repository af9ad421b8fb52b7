import Events

/// Which step a request is for, as its recorded intent says.
struct RequestOrigin: Sendable, Hashable {
  let path: StepPath
  let operation: String
}
