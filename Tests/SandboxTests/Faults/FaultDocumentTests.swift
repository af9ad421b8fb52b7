import FoundationEssentials
import Playbooks
import Sandbox
import Testing

/// docs/sandbox.md names every fault and every preset, as it is.
struct FaultDocumentTests {
  private static let document: String = {
    let root = "/" + "\(#filePath)".split(separator: "/").dropLast(4).joined(separator: "/")
    return (try? String(contentsOfFile: "\(root)/docs/sandbox.md", encoding: .utf8)) ?? ""
  }()

  /// The first two cells of a row.
  private static func cells(_ row: Substring) -> [String] {
    row.split(separator: "|").prefix(2).map { cell in
      String(cell.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
  }

  @Test func `the document has a row for each fault, with its usual duration, and no other`() {
    let table =
      Self.document.split(separator: "<!-- faults -->\n", maxSplits: 1).last?
      .split(separator: "\n<!-- /faults -->", maxSplits: 1).first ?? ""
    let rows = table.split(separator: "\n").dropFirst(2).map(Self.cells)
    let faults = FaultKind.allCases.map { kind in
      [
        "`\(kind.rawValue)`",
        kind.usualDuration.map { "`\(DurationText.text($0))`" } ?? "",
      ]
    }
    #expect(rows == faults)
  }

  @Test(arguments: FaultPreset.allCases)
  func `the document has what a preset stands for`(preset: FaultPreset) {
    let expansion = preset == .noFaults ? "no faults" : "`\(preset.expansion)`"
    #expect(Self.document.contains("| `\(preset.rawValue)` | \(expansion) |\n"))
  }
}
