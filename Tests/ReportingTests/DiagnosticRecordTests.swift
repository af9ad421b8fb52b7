import Diagnostics
import Reporting
import Testing

/// Diagnostics as they leave the process for other programs.
@Suite struct DiagnosticRecordTests {
  private static let place = SourceLocation(file: "sub/ä.yaml", line: 4, column: 5, length: 3)
  private static let diagnostic = Diagnostic(
    .unknownKey, "a step has no key `wen`", at: place, hint: "did you mean `when`?",
    related: [
      RelatedLocation(
        "the step is here",
        at: SourceLocation(
          file: "/work/a.yaml", line: 1, column: 1))
    ],
    fix: Fix("when", at: place))

  @Test func `a line of JSON has the number, the other places and the replacement`() {
    #expect(
      DiagnosticLine(Self.diagnostic).text == """
        {"version":1,"type":"diagnostic","severity":"error","code":"unknown-key","number":"P0201",\
        "message":"a step has no key `wen`","file":"sub/ä.yaml","line":4,"column":5,"length":3,\
        "hint":"did you mean `when`?","related":[{"message":"the step is here",\
        "file":"/work/a.yaml","line":1,"column":1,"length":1}],"fix":{"file":"sub/ä.yaml",\
        "line":4,"column":5,"length":3,"replacement":"when"}}
        """)
    let bare = DiagnosticLine(Diagnostic(.missingInput, "no `x`", at: nil, severity: .warning))
    #expect(
      bare.text == """
        {"version":1,"type":"diagnostic","severity":"warning","code":"missing-input",\
        "number":"P0802","message":"no `x`"}
        """)
  }

  @Test func `a SARIF result has places relative to the folder, and its fix`() throws {
    let log = SARIFLog(version: "1", folder: "/work", manual: DiagnosticManual(parsing: ""))
      .text(of: [Self.diagnostic])
    let results = try #require(log.firstRange(of: #""results":"#)).upperBound
    let region = #""region":{"startLine":4,"startColumn":5,"endColumn":8}"#
    let file = #""artifactLocation":{"uri":"sub/%C3%A4.yaml"}"#
    #expect(
      String(log[results...]) == #"[{"ruleId":"P0201","ruleIndex":0,"#
        + #""level":"error","message":{"text":"a step has no key `wen`: did you mean `when`?"},"#
        + #""locations":[{"physicalLocation":{\#(file),\#(region)}}],"#
        + #""relatedLocations":[{"id":1,"physicalLocation":{"artifactLocation":{"uri":"a.yaml"},"#
        + #""region":{"startLine":1,"startColumn":1,"endColumn":2}},"#
        + #""message":{"text":"the step is here"}}],"#
        + #""fixes":[{"description":{"text":"write `when`"},"artifactChanges":[{\#(file),"#
        + #""replacements":[{"deleted\#(region.replacing("\"region", with: "Region")),"#
        + #""insertedContent":{"text":"when"}}]}]}]}]}]}"# + "\n")
  }
}
