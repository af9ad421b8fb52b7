/// Shows on a terminal how far the upkeep of a large journal is.
final class UpkeepProgress {
  private static let pause = Duration.milliseconds(200)

  private let verb: String
  private let isShown = StandardStream.error.isTerminal
  private var latest = ContinuousClock.now
  private var width = 0

  /// Progress of what is `verb`, such as `checked`.
  init(_ verb: String) {
    self.verb = verb
  }

  /// Shows that `done` records of `total` are done, at most five times a second.
  func report(_ done: Int, of total: Int) {
    guard isShown, latest.duration(to: .now) >= Self.pause else { return }
    latest = .now
    let text = "\(verb) \(done) of \(total)"
    StandardStream.error.write("\r\(text)")
    width = text.count
  }

  /// Removes the line again.
  func end() {
    guard width > 0 else { return }
    StandardStream.error.write("\r\(String(repeating: " ", count: width))\r")
    width = 0
  }
}
