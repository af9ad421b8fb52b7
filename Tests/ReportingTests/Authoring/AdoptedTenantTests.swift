import Diagnostics
import Expressions
import Foundation
import Operations
import Planning
import Playbooks
import Randomness
import Reporting
import Testing

@Suite("A tenant as a playbook and its inputs")
struct AdoptedTenantTests {
  private static let occasion = AdoptedTenant.Occasion(
    name: "tenant", source: "https://api.example.com on 2026-11-29",
    command: [
      "privirun run tenant.yaml --inputs tenant.inputs.yaml \\", "  --input password=env:P",
    ])

  private static var whole: TenantSnapshot {
    var snapshot = TenantSnapshot(username: "a@example.com")
    snapshot.publicKey = "31420500" + String(repeating: "a1", count: 96)
    snapshot.devices = [
      TenantSnapshot.Device(name: "vault-a", isApproved: true, roles: [.storage]),
      TenantSnapshot.Device(name: "phone", isApproved: true, roles: [.storage, .authenticator]),
      TenantSnapshot.Device(name: "new: one", isApproved: false, roles: []),
    ]
    snapshot.votingSettings.quorumSize = 1
    snapshot.votingSettings.strategy = TenantSnapshot.VotingSettings.Strategy(
      name: "minimum_percentage", share: 66)
    snapshot.votingSettings.timeLimit = 60
    snapshot.votingSettings.attempts = 2
    snapshot.votingConfigurations = [
      TenantSnapshot.VotingConfiguration(
        name: "contracts", timeLimit: 60, strategy: "affirmative", percentage: nil,
        voters: ["phone"]),
      TenantSnapshot.VotingConfiguration(
        name: "share", timeLimit: 5, strategy: "minimum_percentage", percentage: 51, voters: []),
    ]
    snapshot.policies = [
      TenantSnapshot.Policy(
        name: "contracts-need-consent", template: "Information security risk",
        events: ["data_token.data_exchanged"],
        configuration: ["classification": "internal", "labels": ["a", ["b": 1]]],
        votingConfiguration: "contracts", isActive: true),
      TenantSnapshot.Policy(
        name: "01914f3a", template: "17", events: ["1", "2"], configuration: [:],
        votingConfiguration: nil, isActive: false),
    ]
    snapshot.applications = [
      TenantSnapshot.Application(
        name: "billing", redirectURI: "https://b.example/cb?x=1", scopes: ["all"])
    ]
    snapshot.files = [
      TenantSnapshot.StoredFile(
        context: "contracts", fileName: "contract.txt",
        description: TenantSnapshot.StoredFile.Description(
          fileExtension: "txt", size: 1024, path: "/"),
        classification: TenantSnapshot.StoredFile.Classification(
          name: "internal", label: "documents", handling: "need-to-know")),
      TenantSnapshot.StoredFile(
        context: "contracts", fileName: "2.txt", description: nil, classification: nil),
    ]
    snapshot.doubled = [.devices]
    snapshot.gaps = [
      TenantGap(.devices, .doubled, names: ["phone"]), TenantGap(.files, .nameless, count: 2),
    ]
    return snapshot
  }

  @Test func `a tenant is written as the golden files say`() throws {
    let adopted = AdoptedTenant(Self.whole, on: Self.occasion)
    #expect(adopted.playbook == (try Self.fixture("adopted-tenant.yaml")))
    let inputs = try #require(adopted.inputs)
    #expect(inputs == (try Self.fixture("adopted-tenant.inputs.yaml")))
    #expect(try Self.values(of: adopted) == Self.whole.inputs)
  }

  private static func fixture(_ name: String) throws -> String {
    let tests = "\(#filePath)".split(separator: "/").dropLast(2).joined(separator: "/")
    return try String(contentsOfFile: "/\(tests)/Fixtures/\(name)", encoding: .utf8)
  }

  @Test(arguments: UInt64(1)...100)
  func `whatever a tenant has, its playbook is accepted and gets the values that were read`(
    seed: UInt64
  ) throws {
    var random = SplitMix(seed: seed)
    let snapshot = TenantSnapshot(random: &random)
    let occasion = AdoptedTenant.Occasion(
      name: .unruly(&random), source: .unruly(&random), command: [.unruly(&random)])
    let adopted = AdoptedTenant(snapshot, on: occasion)
    #expect(try Self.values(of: adopted) == snapshot.inputs)
    for text in [adopted.playbook, adopted.inputs ?? ""] {
      let comments = text.split(separator: "\n").filter { $0.hasPrefix("#") }
      #expect(comments.allSatisfy { $0.unicodeScalars.allSatisfy { $0.value >= 0x20 } })
    }
  }

  @Test(arguments: [
    TenantSurvey.whole, TenantSurvey.furtherPages,
    StarterPlaybook.text(name: "my-flow", file: "my-flow.yaml"),
  ])
  func `what the program brings along is accepted`(text: String) throws {
    let checked = try Self.checked(text)
    #expect(checked.warnings == [])
    #expect(checked.dependence == nil)
  }

  @Test(arguments: [TenantSurvey.whole, TenantSurvey.furtherPages])
  func `a survey only reads`(text: String) throws {
    let calls = text.split(separator: "\n").map { $0.drop { $0 == " " } }
      .filter { $0.hasPrefix("call: ") }.map { String($0.dropFirst(6)) }
    #expect(!calls.isEmpty)
    #expect(Set(calls).subtracting(try Self.api.get().reads) == [])
  }

  private static let api = Result { () throws(InvalidInput) in try APIDescription.embedded() }

  /// The playbook that `text` is, checked; fails the test when it is refused.
  private static func checked(_ text: String) throws -> CheckedPlaybook {
    var texts = SourceTexts()
    do throws(InvalidInput) {
      let files = PlaybookFiles(
        resolve: { path throws(PlaybookFiles.Problem) in "/\(path)" },
        read: { _, _ throws(PlaybookFiles.Problem) in Array(text.utf8) }, names: { _ in nil })
      let loaded = try PlaybookLoader(files: files).load("tenant.yaml", texts: &texts)
      return try Planner(api: try api.get()).check(loaded)
    } catch {
      Issue.record("\(DiagnosticRenderer(texts: texts).render(error.diagnostics))")
      throw error
    }
  }

  /// The values that the inputs file gives, when the playbook is accepted without a warning.
  private static func values(of adopted: AdoptedTenant) throws -> ValueMap {
    let checked = try checked(adopted.playbook)
    #expect(checked.warnings == [])
    #expect(checked.dependence == nil)
    var provided = ProvidedInputs()
    provided.take(file: "tenant.inputs.yaml", Array((adopted.inputs ?? "").utf8))
    provided.take(argument: "password=env:P")
    let sources = InputSources(
      environment: { _ in "secret" }, size: { _ throws(InputSources.FileFlaw) in throw .missing },
      read: { _, _ throws(InputSources.FileFlaw) in throw .missing })
    var values = try InputBinder(sources: sources).bind(provided, to: checked.planned).values
    #expect(values["password"] == .secret(text: "secret"))
    values["password"] = nil
    if values["publicKey"] != nil {
      #expect(values["privateKeyFile"] == "")
      values["privateKeyFile"] = nil
    }
    return values
  }
}
