import Diagnostics
import Events
import Expressions
import Machine
import Operations
import OrderedCollections
import Planning
import Playbooks
import Running
import Sandbox
import Simulation
import Testing

@Suite("Onboarding under simulation")
struct OnboardingSimulationTests {
  private static let plan = Result { try onboarding() }
  private static let olderPlan = Result { try onboarding(keyTag: "31400500") }

  private static func onboarding(keyTag: String = "31420500") throws -> Plan {
    var texts = SourceTexts()
    let root = "\(#filePath)".split(separator: "/").dropLast(3).joined(separator: "/")
    do throws(InvalidInput) {
      let playbooks = try PlaybookLoader().load(
        "/\(root)/workflows/onboard-tenant.yaml", texts: &texts)
      return try Planner(api: try .embedded()).check(playbooks).plan(
        inputs: [
          "username": "a@example.com", "password": .secret(text: "planted-password-1"),
          "document": [
            "path": "contract.txt", "name": "contract.txt", "extension": "txt", "size": 8,
          ],
          "stores": ["vault-a", "vault-b", "vault-c"], "keyFolder": "keys",
          "keyTag": .string(keyTag),
        ])
    } catch {
      Issue.record("\(DiagnosticRenderer(texts: texts).render(error.diagnostics))")
      throw error
    }
  }

  static func run(
    seed: UInt64, _ vault: VaultConfiguration = VaultConfiguration(),
    _ conditions: NetworkConditions = NetworkConditions()
  ) throws -> SimulationReport {
    let scenario = Scenario(
      plan: try (vault.dialect.keyTag == .legacy ? olderPlan : plan).get(), vault: vault,
      conditions: conditions, files: SimulatedFiles(["contract.txt": Array("contract".utf8)]),
      start: Moment(nanoseconds: 1_800_000_000_000_000_000))
    var simulation = Simulation(scenario, seed: seed)
    return try simulation.run()
  }

  private static func lines(_ report: SimulationReport) throws -> [String] {
    let run = try #require(report.state.start?.run)
    return report.events.map { EncodedEvent($0, of: run).line }
  }

  /// The operations that create something, and how many effects one onboarding has.
  private static let effects: [String: Int] = [
    "profile.register-new-profile": 1, "data-token.exchange-data-for-token": 1,
    "policy.register-policy": 1, "voting.create-voting": 1,
    "voting.register-voting-configuration": 1,
  ]

  static func check(_ report: SimulationReport, _ about: String) {
    #expect(report.result.failure == nil, "\(about)")
    #expect(report.result.outcome == .succeeded, "\(about)")
    #expect(report.ledger.violations == [], "\(about)")
    #expect(report.violation == nil, "\(about)")
    let state = report.state
    #expect(
      RunState(of: state.plan, after: report.events) == state,
      "\(about)")
    for (operation, seen) in report.ledger.operations {
      guard let count = effects[operation] else { continue }
      #expect(seen.effects == count, "\(about): \(operation)")
    }
  }

  @Test func `the onboarding playbook runs through the machine and the vault without a socket`()
    throws
  {
    Self.check(try Self.run(seed: 1), "seed 1")
  }

  @Test func `the same seed gives the same events, byte for byte`() throws {
    let vault = try VaultConfiguration().injecting("lose=20%,double=20%")
    let first = try Self.lines(Self.run(seed: 7, vault))
    let second = try Self.lines(Self.run(seed: 7, vault))
    #expect(first == second)
    #expect(first != (try Self.lines(Self.run(seed: 8, vault))))
    #expect(!first.joined().contains("planted-password-1"))
  }

  @Test(arguments: 0..<10) func `no timing, loss or doubling changes what comes of a run`(
    _ batch: Int
  ) throws {
    for index in 0..<30 {
      let seed = UInt64(batch * 30 + index)
      var vault = try VaultConfiguration().injecting(
        "lose=\(index % 4 * 10)%,double=\(index % 5 * 10)%")
      vault.delay = [.zero, .milliseconds(20), .seconds(3)][index % 3]
      vault.dialect.pending = index % 2 == 0 ? .once : .never
      let conditions = NetworkConditions(latency: .zero ... .milliseconds([1, 50, 400][index % 3]))
      Self.check(try Self.run(seed: seed, vault, conditions), "seed \(seed)")
    }
  }

  @Test(arguments: [Voter.no, .absent]) func `a vote that is not won fails the run in bounded time`(
    _ voter: Voter
  ) throws {
    var vault = VaultConfiguration()
    vault.voters = [voter]
    let report = try Self.run(seed: 3, vault)
    #expect(report.result.outcome == .failed)
    let failure = try #require(report.result.failure)
    #expect(!failure.message.isEmpty)
    #expect(report.elapsed < .seconds(600))
    #expect(report.ledger.violations == [])
  }

}
