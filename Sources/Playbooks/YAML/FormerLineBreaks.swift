/// The characters that YAML 1.1 took for line breaks and YAML 1.2 does not (YAML 1.2.2 §5.4).
///
/// libyaml reads YAML 1.1: behind one of them a comment would end, and inside quotes one would become
/// a blank. Each is hidden from libyaml behind a stand-in of the same length, put back inside quotes,
/// and refused everywhere else.
struct FormerLineBreaks {
  private static let names: [Unicode.Scalar: String] = [
    "\u{85}": "next line", "\u{2028}": "line separator", "\u{2029}": "paragraph separator",
  ]

  /// Where they stand, in Unicode scalars from 0.
  let indices: [Int]
  /// What libyaml reads.
  let text: String
  private let standIns: [Unicode.Scalar: Unicode.Scalar]

  init(in source: String) {
    let scalars = source.unicodeScalars
    indices =
      Self.mayHoldOne(source)
      ? scalars.enumerated().filter { Self.names[$0.element] != nil }.map(\.offset) : []
    guard !indices.isEmpty else {
      text = source
      standIns = [:]
      return
    }
    var standIns: [Unicode.Scalar: Unicode.Scalar] = [:]
    for (scalar, standIn) in zip(Self.names.keys, Self.unused(in: source)) {
      standIns[scalar] = standIn
    }
    self.standIns = standIns
    text = String(String.UnicodeScalarView(scalars.map { standIns[$0] ?? $0 }))
  }

  /// Whether a character of `source` begins with a byte that one of them begins with.
  private static func mayHoldOne(_ source: String) -> Bool {
    source.utf8.contains { $0 == 0xC2 || $0 == 0xE2 }
  }

  /// `text` of a quoted scalar as it was written.
  func restored(_ text: String) -> String {
    guard !indices.isEmpty else { return text }
    let written = Dictionary(uniqueKeysWithValues: standIns.map { ($1, $0) })
    return String(String.UnicodeScalarView(text.unicodeScalars.map { written[$0] ?? $0 }))
  }

  /// What a person calls the character: `U+2028 (line separator)`.
  static func name(of scalar: Unicode.Scalar) -> String {
    let hex = String(scalar.value, radix: 16, uppercase: true)
    let padded = String(repeating: "0", count: max(0, 4 - hex.count)) + hex
    return "U+\(padded)" + (names[scalar].map { " (\($0))" } ?? "")
  }

  /// Private characters that stand in `source` neither as themselves nor in an escape.
  private static func unused(in source: String) -> some Sequence<Unicode.Scalar> {
    let lowercased = source.lowercased()
    let present = Set(source.unicodeScalars)
    return (UInt32(0xF0000)...0xFFFFD).lazy.compactMap { Unicode.Scalar($0) }.filter {
      !present.contains($0) && !lowercased.contains(String($0.value, radix: 16))
    }
  }
}
