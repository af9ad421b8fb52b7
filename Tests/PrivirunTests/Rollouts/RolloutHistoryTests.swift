import EventSamples
import Foundation
import Testing

/// What the journal says of a rollout that is over, in lists and reports.
@Suite("Rollouts that are over", .timeLimit(.minutes(20)))
struct RolloutHistoryTests {
  private let rollout: RolloutFolder

  init() throws {
    rollout = try RolloutFolder()
    try rollout.folder.write(
      """
      name,kind,labels
      a,ok,"{""region"": ""eu""}"
      b,file,"{""region"": ""us""}"
      =c,bad,"{""region"": ""eu""}"
      d<,ask,

      """, to: "tenants.csv")
  }

  /// Runs the rollout, which ends with a tenant that waits.
  private func recorded() async throws {
    let ended = try await rollout.run("rollout", "run", "rollout.yaml")
    try #require(ended.status == 3, "\(ended.errors)")
  }

  private func document(_ arguments: String...) async throws -> (text: String, [String: Any]) {
    let ended = try await Program.run(arguments, in: rollout.folder.path)
    try #require(ended.status == 0, "\(ended.errors)")
    return (ended.output, try RecordedStatus.object(ended.output))
  }

  /// The tenants of the runs that `runs` lists with these options.
  private func tenants(_ options: String...) async throws -> Set<String> {
    let ended = try await Program.run(
      ["runs", "--output", "json"] + options, in: rollout.folder.path)
    try #require(ended.status == 0, "\(ended.errors)")
    #expect(
      try SchemaCheck(named: "runs.schema.json").complaints(aboutDocument: ended.output) == [])
    return Set(
      try RecordedStatus.object(ended.output).list("runs").compactMap { $0["tenant"] as? String })
  }

  @Test func `runs are found by rollout, tenant, outcome, label and time`() async throws {
    try await recorded()
    #expect(try await tenants("--rollout", "kinds") == ["a", "b", "=c", "d<"])
    #expect(try await tenants("--rollout", "latest", "--outcome", "failed") == ["b", "=c"])
    #expect(
      try await tenants("--outcome", "succeeded", "--outcome", "unfinished") == ["a", "d<"])
    #expect(try await tenants("--label", "region=eu") == ["a", "=c"])
    #expect(try await tenants("--label", "region=eu", "--outcome", "failed") == ["=c"])
    #expect(try await tenants("--tenant", "[a-b]") == [], "a name is no class of characters")
    #expect(try await tenants("--tenant", "d*") == ["d<"])
    #expect(try await tenants("--since", "1h", "--limit", "2") == ["=c", "d<"])
    #expect(try await tenants("--since", "1ms") == [])
    for wrong in [["--rollout", "nope"], ["--outcome", "nope"], ["--since", "soon"]] {
      let ended = try await Program.run(["runs"] + wrong, in: rollout.folder.path)
      #expect(ended.status == 2, "\(wrong)")
      #expect(ended.output == "")
    }
  }

  @Test func `a run names its tenant and its rollout, and shows the steps that are wanted`()
    async throws
  {
    try await recorded()
    let (_, listed) = try await document("runs", "--tenant", "b", "--output", "json")
    let run = try #require(try listed.list("runs").first?["run"] as? String)
    let (text, detail) = try await document("show", run, "--step", "fi*", "--output", "json")
    #expect(try SchemaCheck(named: "run.schema.json").complaints(aboutDocument: text) == [])
    #expect(try detail.list("steps").map { $0["step"] as? String } == ["file"])
    #expect(detail["tenant"] as? String == "b")
    let shown = try await rollout.run("show", run, "--step", "file").output
    #expect(shown.contains("tenant    b, rollout "))
    #expect(shown.contains("✗ file"))
    #expect(!shown.contains("✓ check"))
    let none = try await rollout.run("show", run, "--step", "nothing")
    #expect(none.output.contains("no step matches `nothing`"))
    let rollouts = try await document("rollout", "list", "--output", "json")
    let counts = try rollouts.1.list("rollouts").first?["counts"] as? [String: Int]
    #expect(
      counts?.filter { $0.value > 0 } == ["succeeded": 1, "failed": 2, "waiting": 1])
  }

  @Test func `each format of a report names each tenant, and cells are no formulas`()
    async throws
  {
    try await recorded()
    let table = try await rollout.run("report", "latest", "--format", "csv").output
    let rows = table.split(whereSeparator: \.isNewline).map { $0.prefix { $0 != "," } }
    #expect(rows == ["tenant", "a", "b", "'=c", "d<"])

    let (text, report) = try await document("report", "kinds", "--format", "json")
    let schema = try SchemaCheck(named: "rollout-report.schema.json")
    #expect(try schema.complaints(aboutDocument: text) == [])
    #expect(
      try report.list("tenants").map { "\($0["tenant"] ?? "") \($0["state"] ?? "")" }
        == ["a succeeded", "b failed", "=c failed", "d< waiting"])
    let reasons = try report.list("reasons").compactMap { $0["tenants"] as? [String] }
    #expect(Set(reasons) == [["b"], ["=c"], ["d<"]])

    let cases = try await rollout.run("report", "latest", "--format", "junit").output
    #expect(cases.contains(#"tests="4" failures="2" errors="0""#))
    for name in ["a", "b", "=c", "d&lt;"] {
      #expect(cases.contains(#"<testcase classname="kinds" name="\#(name)""#))
    }
    let comment = try await rollout.run("report", "latest", "--format", "markdown").output
    #expect(comment.hasPrefix("### `kinds`: in doubt, 1 succeeded, 2 failed, 1 waiting\n"))
    #expect(comment.contains("| `=c` | failed |"))
  }

  @Test func `a page is written to a file of its own, and holds nothing from elsewhere`()
    async throws
  {
    try await recorded()
    let written = try await rollout.run(
      "report", "latest", "--format", "html", "--to", "pages/report.html")
    #expect(written.status == 74, "a folder is not made")
    let report = try await rollout.run(
      "report", "latest", "--format", "html", "--to", "report.html")
    #expect(report.status == 0)
    #expect(report.output == "")
    let page = try String(
      contentsOfFile: "\(rollout.folder.path)/report.html", encoding: .utf8)
    #expect(page.hasPrefix("<!DOCTYPE html>\n"))
    #expect(page.contains("d&lt;") && !page.contains("d<<"))
    #expect(page.firstMatch(of: #/(src|href)="(https?:)?\/\//#) == nil)
    for wrong in [["report", "nope", "--format", "csv"], ["report", "latest"]] {
      #expect(try await Program.run(wrong, in: rollout.folder.path).status == 2)
    }
  }

  @Test func `a report of one run has the same formats`() async throws {
    try await recorded()
    let (_, listed) = try await document("runs", "--tenant", "=c", "--output", "json")
    let run = try #require(try listed.list("runs").first?["run"] as? String)
    let (text, _) = try await document("report", run, "--format", "json")
    #expect(try SchemaCheck(named: "run.schema.json").complaints(aboutDocument: text) == [])
    let cases = try await rollout.run("report", run, "--format", "junit").output
    #expect(cases.contains(#"<testcase classname="kinds" name="check""#))
    let comment = try await rollout.run("report", run, "--format", "markdown").output
    #expect(comment.hasPrefix("### `kinds`: failed\n"))
    let table = try await rollout.run("report", run, "--format", "csv").output
    #expect(
      table.split(whereSeparator: \.isNewline).last?.hasPrefix("check,check,assert,,failed,")
        ?? false)
    let page = try await rollout.run("report", run, "--format", "html").output
    #expect(page.hasPrefix("<!DOCTYPE html>\n"))
  }
}
