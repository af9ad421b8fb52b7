import Playbooks
import Testing

@Suite struct DurationTextTests {
  @Test(
    arguments: [
      ("500ms", 0.5), ("1h30m", 5400), ("1d", 86_400), ("2w", 1_209_600), ("1w2d3h", 788_400),
      ("1d1ms", 86_400.001), ("0d", 0), ("1h1d", nil), ("1d1w", nil), ("1d2d", nil), ("1.5d", nil),
      ("1y", nil), ("d", nil), ("", nil), ("-1d", nil), ("1 d", nil), ("1D", nil),
    ] as [(String, Double?)])
  func `durations have weeks and days, the largest unit first`(_ text: String, _ seconds: Double?) {
    #expect(DurationText.duration(text) == seconds.map { .milliseconds(($0 * 1000).rounded()) })
  }

  @Test func `durations are written with hours, as older versions read them`() {
    #expect(DurationText.text(.seconds(788_400)) == "219h")
  }
}
