import Diagnostics
import Planning
import Playbooks
import Testing

/// Replacements that diagnostics offer: whoever takes one is done with that diagnostic.
@Suite struct FixTests {
  private static let head = "playbook: 1\ninputs: { region: { type: string } }\nsteps:\n"
  private static let tail =
    "  - { id: health, call: utility.check-server-health }\n  - assert: inputs.region != ''\n"

  @Test(arguments: [
    ("- wiat: 1s", "- wait: 1s"),
    ("- call: utility.check-server-helth", "- call: utility.check-server-health"),
    ("- call: \"utility.check-server-helth\"", "- call: utility.check-server-health"),
    ("- assert: inputs.regoin == 'eu'", "- assert: inputs.region == 'eu'"),
    ("- assert: input.region == 'eu'", nil),
    ("- assert: inputs.region.startWith('e')", "- assert: inputs.region.startsWith('e')"),
    (
      "- call: utility.request-command-id-status\n    with: { comandId: a }",
      "- call: utility.request-command-id-status\n    with: { commandId: a }"
    ),
    (
      "- call: utility.request-command-id-status\n    with: { commandId: 12 }",
      "- call: utility.request-command-id-status\n    with: { commandId: \"12\" }"
    ),
    (
      "- call: utility.request-command-id-status\n    with: { commandId: 1.50 }",
      "- call: utility.request-command-id-status\n    with: { commandId: \"1.50\" }"
    ),
    (
      "- call: utility.request-command-id-status\n    with: { commandId: '{{ inputs.region }}' }",
      "- call: utility.request-command-id-status\n    with: { commandId: \"${{ inputs.region }}\" }"
    ),
    (
      "- call: utility.request-command-id-status\n    with: { commandId: '${inputs.region}' }",
      "- call: utility.request-command-id-status\n    with: { commandId: \"${{ inputs.region }}\" }"
    ),
    (
      "- call: utility.request-command-id-status\n    with: { commandId: '{{ region }}' }",
      "- call: utility.request-command-id-status\n    with: { commandId: \"${{ inputs.region }}\" }"
    ),
    (
      "- call: utility.request-command-id-status\n    with: { commandId: '{{ inputs.region|lower }}' }",
      nil
    ),
    (
      "- wait: 1s\n    retry: { attempts: 2, on: [netwrok] }",
      "- wait: 1s\n    retry: { attempts: 2, on: [network] }"
    ),
    ("- frobnicate: 1s", nil),
    ("- call: |-\n      utility.check-server-helth", nil),
    ("- call: \"utility\\x2echeck-server-helth\"", nil),
    (
      "- { name: &a utility.check-server-helth, call: *a }",
      "- { name: &a utility.check-server-health, call: *a }"
    ),
  ])
  func `what a diagnostic offers corrects it`(_ written: String, _ expected: String?) throws {
    let text = Self.head + "  \(written)\n" + Self.tail
    let fixes = try Self.diagnostics(text).compactMap(\.fix)
    guard let expected else {
      #expect(fixes == [])
      return
    }
    let fix = try #require(fixes.first)
    #expect(fixes.count == 1)
    let fixed = Self.applying(fix, to: text)
    #expect(fixed == Self.head + "  \(expected)\n" + Self.tail)
    #expect(try Self.diagnostics(fixed) == [])
  }

  private static func diagnostics(_ text: String) throws -> [Diagnostic] {
    do {
      return try MemoryFiles(["a.yaml": text]).check("a.yaml").warnings
    } catch let error as InvalidInput {
      return error.diagnostics
    }
  }

  private static func applying(_ fix: Fix, to text: String) -> String {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map {
      Array($0.unicodeScalars)
    }
    let place = fix.location
    let start = place.column - 1
    lines[place.line - 1].replaceSubrange(
      start..<(start + place.length), with: fix.replacement.unicodeScalars)
    return lines.map { String(String.UnicodeScalarView($0)) }.joined(separator: "\n")
  }
}
