import Diagnostics
import Testing

@Suite struct DiagnosticListTests {
  private static func diagnostic(
    _ line: Int, file: String = "a.yaml", severity: Diagnostic.Severity = .error
  ) -> Diagnostic {
    Diagnostic(
      .unknownKey, "wrong", at: SourceLocation(file: file, line: line, column: 1),
      severity: severity)
  }

  @Test func `a diagnostic is reported once`() {
    let list = DiagnosticList([Self.diagnostic(1), Self.diagnostic(2), Self.diagnostic(1)])
    #expect(list.elements == [Self.diagnostic(1), Self.diagnostic(2)])
  }

  @Test func `a hundred diagnostics of a file are reported, and the others are counted`() {
    let many = (1...250).map { Self.diagnostic($0) }
    let list = DiagnosticList(many + [Self.diagnostic(1, file: "b.yaml")])
    let more = Diagnostic(
      .tooManyDiagnostics, "and 150 more errors and warnings in this file",
      at: SourceLocation(file: "a.yaml", line: 101, column: 1),
      hint: "mend the first 100, and check again")
    #expect(list.elements == many[..<100] + [Self.diagnostic(1, file: "b.yaml"), more])
    #expect(list.errorCount == 251)
  }

  @Test func `an error among those that are only counted is not forgotten`() {
    var list = DiagnosticList((1...100).map { Self.diagnostic($0, severity: .warning) })
    #expect(!list.hasErrors)
    list.add(Self.diagnostic(101, severity: .warning))
    #expect(list.elements.last?.severity == .warning)
    list.add(Self.diagnostic(102))
    #expect(list.hasErrors)
    #expect(list.elements.last?.severity == .error)
  }

  @Test func `two lists become one, with what each has counted`() {
    var first = DiagnosticList((1...60).map { Self.diagnostic($0) })
    first.merge(DiagnosticList((61...190).map { Self.diagnostic($0) }))
    #expect(first.errorCount == 190)
    #expect(first.elements.count == 101)
    #expect(first.elements.last?.message == "and 90 more errors and warnings in this file")
  }

  @Test func `what was meant is not looked for once a diagnostic is only counted`() {
    var lookups = 0
    func hint() -> String? {
      lookups += 1
      return "did you mean it?"
    }
    var list = DiagnosticList()
    for line in 1...1000 { list.add(Self.diagnostic(line), hint: hint()) }
    #expect(lookups == 100)
  }
}
