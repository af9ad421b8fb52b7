import Operations

/// A sign that work is in progress; it turns ten times a second.
enum Spinner {
  private static let unicode = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"]
  private static let ascii = ["|", "/", "-", "\\"]

  static func frame(_ style: TerminalStyle, since start: Moment?, at now: Moment) -> String {
    let frames = style.symbols == .unicode ? unicode : ascii
    let elapsed = max(0, (now - (start ?? now)).wholeNanoseconds)
    return frames[Int(elapsed / 100_000_000 % Int64(frames.count))]
  }
}
