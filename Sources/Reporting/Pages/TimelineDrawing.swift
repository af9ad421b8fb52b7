import Diagnostics
import Operations

/// When parts of a run or a rollout were in progress, drawn as bars (SVG 2), with the same in words.
struct TimelineDrawing: Sendable {
  /// One thing that took time.
  struct Bar: Sendable, Hashable {
    var label: String
    var start: Moment
    /// The end; of what has not ended, the end of the drawing.
    var end: Moment?
    /// How it ended, in words.
    var state: String
    var role: TerminalStyle.Role
  }

  private static let width = 960
  private static let labelWidth = 240
  private static let rowHeight = 20
  private static let top = 24
  private static let mostTicks = 6
  private static let longestLabel = 32

  /// What is drawn, such as `the steps`.
  var title: String
  /// From the top down.
  var bars: [Bar]
  var start: Moment
  var end: Moment
  /// What is left out, and why the others are not; nil when nothing is.
  var omission: String?

  /// The drawing with the sentence that says what is left out; nothing for no bars.
  var markup: Markup {
    guard !bars.isEmpty else { return .empty }
    let height = Self.top + bars.count * Self.rowHeight + 4
    let drawing =
      Markup.start(
        "svg",
        [
          "xmlns": "http://www.w3.org/2000/svg", "viewBox": "0 0 \(Self.width) \(height)",
          "role": "img", "aria-labelledby": "timeline-name timeline-about",
        ]) + HTMLPage.newline
      + .tag("title", ["id": "timeline-name"], .text("When \(title) were in progress"))
      + .tag("desc", ["id": "timeline-about"], .text(description)) + HTMLPage.newline + axis
      + .join(bars.enumerated().map { row($1, at: $0) }) + .written("</svg>")
    let note = omission.map { Markup.tag("p", ["class": "faint"], .text($0)) } ?? .empty
    return PageText.scrolled("Drawing of the timeline", drawing) + note
  }

  /// The same in words.
  private var description: String {
    let longest = bars.max { duration($0) < duration($1) }
    let whole = "\(bars.count) bars over \(ElapsedText.text(end - start))"
    guard let longest else { return whole }
    return "\(whole); the longest is \(longest.label), \(ElapsedText.text(duration(longest)))"
  }

  private func duration(_ bar: Bar) -> Duration { (bar.end ?? end) - bar.start }

  private var axis: Markup {
    let span = max(1, (end - start).wholeNanoseconds)
    let step = Self.step(for: span)
    let height = Self.top + bars.count * Self.rowHeight
    return .join(
      stride(from: Int64(0), through: span, by: Int64.Stride(step)).map { offset in
        let x = "\(self.x(offset))"
        return Markup.tag("line", ["x1": x, "x2": x, "y1": "\(Self.top - 4)", "y2": "\(height)"])
          + .tag(
            "text", ["class": "axis", "x": x, "y": "14"],
            .text(offset == 0 ? "0" : ElapsedText.round(.nanoseconds(offset)))) + HTMLPage.newline
      })
  }

  private func row(_ bar: Bar, at index: Int) -> Markup {
    let y = Self.top + index * Self.rowHeight
    let left = x((bar.start - start).wholeNanoseconds)
    let right = x(((bar.end ?? end) - start).wholeNanoseconds)
    let label: String =
      DisplayWidth.columns(of: bar.label) > Self.longestLabel
      ? DisplayWidth.prefix(of: bar.label, columns: Self.longestLabel - 1) + "…" : bar.label
    let about = "\(bar.label): \(bar.state), \(ElapsedText.text(duration(bar)))"
    return .tag(
      "g", ["class": bar.role.className], .tag("title", [:], .text(about)),
      .tag("text", ["x": "0", "y": "\(y + 14)"], .text(label)),
      .tag(
        "rect",
        [
          "x": "\(left)", "y": "\(y + 4)", "width": "\(max(2, right - left))", "height": "12",
          "rx": "2",
        ])) + HTMLPage.newline
  }

  /// Where an offset from the start lies, within the drawing whatever it is.
  private func x(_ offset: Int64) -> Int {
    let span = max(1, (end - start).wholeNanoseconds)
    let room = Self.width - Self.labelWidth - 60
    let part = Double(min(max(0, offset), span)) / Double(span)
    return Self.labelWidth + Int(part * Double(room))
  }

  /// A round distance between ticks, so that there are few.
  private static func step(for span: Int64) -> Int64 {
    let millisecond: Int64 = 1_000_000
    let minute = 60_000 * millisecond
    let steps =
      [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 30_000].map {
        $0 * millisecond
      } + [1, 2, 5, 10, 20, 30, 60, 120, 360, 720, 1440].map { $0 * minute }
    let day = 1440 * minute
    return steps.first { span / $0 < Int64(mostTicks) } ?? max(day, span / day / 5 * day)
  }
}
