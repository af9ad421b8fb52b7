import Diagnostics
import Playbooks
import Randomness
import Testing

/// Damaged files never crash the reader; whatever comes out is a playbook or has diagnostics.
struct MutatedPlaybookTests {
  @Test(arguments: 0..<40)
  func `a damaged playbook is read or has diagnostics inside the file`(seed: UInt64) throws {
    var random = SplitMix(seed: seed)
    let whole = try Fixtures.bytes("good.yaml")
    for _ in 0..<50 {
      let bytes = Self.damaged(whole, &random)
      do {
        _ = try Playbook(parsing: bytes, file: "a.yaml")
      } catch {
        #expect(!error.diagnostics.isEmpty)
        let lines = YAMLText.lossy(bytes).split(
          omittingEmptySubsequences: false, whereSeparator: \.endsLine)
        for location in error.diagnostics.compactMap(\.location) {
          try #require(lines.indices.contains(location.line - 1), "seed \(seed): \(location)")
          let width = lines[location.line - 1].unicodeScalars.count
          #expect((1...width + 1).contains(location.column), "seed \(seed): \(location)")
        }
      }
    }
  }

  private static let pieces = [
    "- ", ": ", "\n", "\t", "  ", "&a ", "*a", "{", "}", "[", "]", "'", "\"", "|\n", ">\n", "#",
    "${{ ", " }}", "\0", "\u{FEFF}", "\u{2028}", "!t ", "<<: ", "---\n", "%YAML 1.2\n", "~", "\r\n",
    "9999999999999999999", "call: x\n", "steps:\n", "é", "🙂",
  ]

  /// `bytes` with one to four spots cut out, doubled, overwritten or filled.
  private static func damaged(_ bytes: [UInt8], _ random: inout SplitMix) -> [UInt8] {
    var bytes = bytes
    for _ in 0...Int.random(in: 0...3, using: &random) where !bytes.isEmpty {
      let start = Int.random(in: 0..<bytes.count, using: &random)
      let end = min(bytes.count, start + Int.random(in: 1...20, using: &random))
      switch Int.random(in: 0...3, using: &random) {
      case 0: bytes.removeSubrange(start..<end)
      case 1: bytes.insert(contentsOf: bytes[start..<end], at: start)
      case 2: bytes[start] = UInt8.random(in: 0...255, using: &random)
      default:
        let piece = pieces[Int.random(in: 0..<pieces.count, using: &random)]
        bytes.insert(contentsOf: piece.utf8, at: start)
      }
    }
    return bytes
  }
}
