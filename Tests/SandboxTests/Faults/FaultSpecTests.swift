import Sandbox
import Testing

struct FaultSpecTests {
  private static let example =
    "reset-before=2%,reset-after=2%,half=1%,too-many=3%,unavailable=2%,slow=5%:2s,drop=1%,lose=5%,"
    + "double=5%,reorder=5%,late=5%:3s,pending=10%,expire=2%,lag=10%:500ms,restart=0.2%"

  @Test(arguments: [
    ("none", "none"),
    ("drop=1%", "drop=1%"),
    ("drop=0%", "none"),
    ("drop=100%", "drop=100%"),
    ("drop=007.2500%", "drop=7.25%"),
    ("drop=0.0001%", "drop=0.0001%"),
    ("slow=5%", "slow=5%:1s"),
    ("slow=5%:0s", "slow=5%:0s"),
    ("slow=5%:1h", "slow=5%:1h"),
    ("late=1%:1m500ms", "late=1%:1m500ms"),
    ("restart=1%,drop=2%,half=3%", "half=3%,drop=2%,restart=1%:500ms"),
    ("none,drop=2%", "drop=2%"),
    (
      example,
      "reset-before=2%,reset-after=2%,half=1%,too-many=3%:1s,unavailable=2%:1s,slow=5%:2s,drop=1%,"
        + "lose=5%,double=5%,reorder=5%:100ms,late=5%:3s,pending=10%,expire=2%,lag=10%:500ms,"
        + "restart=0.2%:500ms"
    ),
    (
      "light",
      "reset-before=0.5%,reset-after=0.5%,half=0.5%,too-many=1%:1s,unavailable=1%:1s,slow=2%:500ms,"
        + "drop=0.5%,lose=1%,double=2%,reorder=2%:100ms,late=2%:500ms,pending=5%,expire=0.5%,"
        + "lag=5%:500ms,restart=0.05%:200ms"
    ),
    (
      "heavy,restart=0%,slow=1%,late=2%:1s,lose=0%",
      "reset-before=3%,reset-after=3%,half=2%,too-many=4%:2s,unavailable=3%:1s,slow=1%:2s,drop=2%,"
        + "double=8%,reorder=8%:300ms,late=2%:1s,pending=20%,expire=3%,lag=20%:1s"
    ),
  ])
  func `a specification is read and printed back`(text: String, canonical: String) throws {
    let spec = try FaultSpec(parsing: text)
    #expect(spec.description == canonical)
    #expect(try FaultSpec(parsing: canonical) == spec)
  }

  @Test(arguments: FaultPreset.allCases)
  func `a preset is its expansion`(preset: FaultPreset) throws {
    let spec = FaultSpec(preset)
    #expect(try FaultSpec(parsing: preset.rawValue) == spec)
    #expect(spec.isEmpty == (preset == .noFaults))
    #expect(spec.description == (preset == .noFaults ? "none" : preset.expansion))
  }

  @Test(arguments: [
    ("", ["an entry is empty; write entries like slow=5%:2s, separated by commas, or none"]),
    (
      "drop=1%,",
      ["an entry is empty; write entries like slow=5%:2s, separated by commas, or none"]
    ),
    ("resett-before=1%", ["there is no fault `resett-before`; did you mean `reset-before`?"]),
    ("lite", ["there is no fault `lite`; did you mean `late`?"]),
    ("heavvy", ["there is no fault `heavvy`; did you mean `heavy`?"]),
    (
      "everything=1%",
      [
        "there is no fault `everything`; the faults are reset-before, reset-after, half, too-many, "
          + "unavailable, slow, drop, lose, double, reorder, late, pending, expire, lag, restart, "
          + "the presets none, light, heavy"
      ]
    ),
    ("drop", ["`drop` has no share; write it like drop=5%"]),
    ("slow", ["`slow` has no share; write it like slow=5% or slow=5%:2s"]),
    ("drop=1%:2s", ["`drop` has no duration; write it like drop=5%"]),
    ("drop=1%,drop=2%", ["`drop` is given twice"]),
    (
      "drop=1%,light",
      ["the preset `light` must be the first entry, and the only preset"]
    ),
    (
      "light,heavy",
      ["the preset `heavy` must be the first entry, and the only preset"]
    ),
    ("light=5%", ["`light` is a preset and has no share; write light"]),
    (
      "reset-before=60%,slow=50%,drop=100%",
      [
        "reset-before, slow have more than 100% together, and at most one of them is injected at a "
          + "time"
      ]
    ),
    (
      "lose=60%,restart=41%",
      ["lose, restart have more than 100% together, and at most one of them is injected at a time"]
    ),
  ])
  func `what is wrong is reported with what to write instead`(text: String, messages: [String]) {
    let error = #expect(throws: FaultSpecError.self) { try FaultSpec(parsing: text) }
    #expect(error?.description == messages.joined(separator: "\n"))
  }

  @Test(arguments: [
    "", "1", "%", "-1%", "101%", "100.0001%", "1.00000%", "1.%", ".5%", "1,5%", "٣%",
  ])
  func `what is no share is refused`(text: String) throws {
    let share = text.split(separator: ",").first.map(String.init) ?? ""
    let error = #expect(throws: FaultSpecError.self) { try FaultSpec(parsing: "drop=\(text)") }
    #expect(error?.flaws.first == .wrongShare(.drop, share))
    #expect(
      error?.description.hasPrefix(
        "`\(share)` is not a share of `drop`; write 0% to 100%, with four decimals at most, like "
          + "drop=5%") == true)
  }

  @Test(arguments: ["", "2", "2 s", "1s2m", "-1s", "1h1ms", "soon"])
  func `what is no duration is refused`(text: String) throws {
    let error = #expect(throws: FaultSpecError.self) { try FaultSpec(parsing: "late=1%:\(text)") }
    #expect(
      error?.description
        == "`\(text)` is not a duration of `late`; write one like 500ms or 2s, at most 1h")
  }

  @Test func `all that is wrong is reported at once, in the order of the text`() throws {
    let error = #expect(throws: FaultSpecError.self) {
      try FaultSpec(parsing: "slow=5,,half=1%:2s,x,heavy,drop=1%,drop=1%,late=1%:y,lag,none=1%")
    }
    #expect(
      error?.flaws == [
        .wrongShare(.slow, "5"), .emptyEntry, .unexpectedDuration(.half), .unknownName("x"),
        .latePreset(.heavy), .repeated(.drop), .wrongDuration(.late, "y"), .missingShare(.lag),
        .presetWithShare(.noFaults),
      ])
  }
}
