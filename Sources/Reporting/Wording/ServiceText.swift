import Events

extension ServiceChange {
  /// Such as `has not responded for 13 s (refused the connection); trying for 1 min 47 s more`.
  var text: String {
    switch self {
    case .answering: return "responds again"
    case .silent(let duration, let reason, let left):
      let reason = reason.map { " (\($0))" } ?? ""
      let left = left.map { "; trying for \(ElapsedText.left($0)) more" } ?? "; trying again"
      return "has not responded for \(ElapsedText.left(duration))\(reason)\(left)"
    }
  }
}
