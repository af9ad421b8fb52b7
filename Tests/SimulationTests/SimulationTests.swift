import Diagnostics
import Events
import Expressions
import Operations
import Planning
import Playbooks
import Running
import Sandbox
import Simulation
import Testing

@Suite("Onboarding under simulation")
struct OnboardingSimulationTests {
  @Test func `the onboarding playbook runs through the machine and the vault without a socket`()
    throws
  {
    var simulation = try Self.onboarding(seed: 1)
    let report = try simulation.run()
    #expect(report.result.failure == nil)
    #expect(report.result.outcome == .succeeded)
  }

  private static func onboarding(seed: UInt64) throws -> Simulation {
    var texts = SourceTexts()
    let root = "\(#filePath)".split(separator: "/").dropLast(3).joined(separator: "/")
    let folder = "/\(root)/workflows"
    let loaded: CheckedPlaybook
    do throws(InvalidInput) {
      let playbooks = try PlaybookLoader().load("\(folder)/onboard-tenant.yaml", texts: &texts)
      loaded = try Planner(api: try .embedded()).check(playbooks)
    } catch {
      print(DiagnosticRenderer(texts: texts).render(error.diagnostics))
      throw error
    }
    let plan = try loaded.plan(
      inputs: [
        "username": "a@example.com", "password": .secret(text: "planted-password-1"),
        "document": ["path": "contract.txt", "name": "contract.txt", "extension": "txt", "size": 8],
        "stores": ["vault-a", "vault-b", "vault-c"], "keyFolder": "keys",
      ])
    return Simulation(
      plan: plan, vault: VaultConfiguration(), files: SimulatedFiles(
        ["contract.txt": Array("contract".utf8)]),
      start: Moment(nanoseconds: 1_800_000_000_000_000_000), seed: seed)
  }
}
