import Events
import Operations

/// The message after the first Ctrl-C.
enum CancelText {
  /// Such as `what is in flight has 10 s to finish`; it names no time when none is known.
  static func waiting(_ grace: Duration?) -> String {
    guard let grace else { return "finishing what is in flight" }
    return "what is in flight has \(ElapsedText.left(grace)) to finish"
  }

  static let second = "Ctrl-C again stops at once"
}

extension RunOverview.CancelRequest {
  /// Such as `8 s left for what is in flight`, or what comes once that time is up.
  func text(at now: Moment) -> String {
    guard let grace else { return CancelText.waiting(nil) }
    let left = grace - (now - at)
    return left > .zero
      ? "\(ElapsedText.left(left)) left for what is in flight" : "running `always` steps"
  }
}
