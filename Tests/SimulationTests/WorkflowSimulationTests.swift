import Diagnostics
import Events
import Expressions
import Foundation
import Operations
import OrderedCollections
import Planning
import Playbooks
import Running
import Sandbox
import Simulation
import Testing

@Suite("Shipped workflows under simulation")
struct WorkflowSimulationTests {
  private static let folder =
    "/" + "\(#filePath)".split(separator: "/").dropLast(3).joined(separator: "/") + "/workflows"

  private static let api = Result { () throws(InvalidInput) in try APIDescription.embedded() }

  private static func plan(_ story: Story) throws -> Plan {
    var texts = SourceTexts()
    do throws(InvalidInput) {
      let files = PlaybookFiles.disk(besides: "\(folder)/story.yaml", story.text)
      let playbooks = try PlaybookLoader(files: files).load("\(folder)/story.yaml", texts: &texts)
      return try Planner(api: try api.get()).check(playbooks).plan(
        inputs: [
          "username": "a@example.com", "password": .secret(text: "planted-password-1"),
          "newPassword": .secret(text: "planted-password-2"),
          "document": [
            "path": "contract.txt", "name": "contract.txt", "extension": "txt", "size": 10,
          ],
          "revision": [
            "path": "contract-2.txt", "name": "contract-2.txt", "extension": "txt", "size": 16,
          ],
        ])
    } catch {
      Issue.record("\(DiagnosticRenderer(texts: texts).render(error.diagnostics))")
      throw error
    }
  }

  private static func run(
    _ plan: Plan, seed: UInt64, _ vault: VaultConfiguration, _ conditions: NetworkConditions
  ) throws -> Simulation.Report {
    let contents: [String: [UInt8]] = [
      "contract.txt": Array("As agreed.".utf8), "contract-2.txt": Array("As agreed again.".utf8),
    ]
    var simulation = Simulation(
      plan: plan, vault: vault, conditions: conditions, files: SimulatedFiles(contents),
      start: Moment(nanoseconds: 1_800_000_000_000_000_000), seed: seed)
    return try simulation.run()
  }

  @Test(arguments: Story.all)
  func `a workflow does what it is for, in every dialect and whatever the network does`(
    _ story: Story
  ) throws {
    let plan = try Self.plan(story)
    for preset in DialectPreset.allCases {
      for seed in UInt64(1)...4 {
        var vault = VaultConfiguration()
        vault.delay = [.zero, .milliseconds(20), .seconds(2)][Int(seed % 3)]
        vault.dialect = preset.dialect
        vault.mixesDialect = preset == .mixed
        let conditions = NetworkConditions(
          latency: .zero ... .milliseconds([1, 300][Int(seed % 2)]),
          lostMessages: seed > 2 ? 0.2 : 0, doubledMessages: seed > 3 ? 0.3 : 0)
        let report = try Self.run(plan, seed: seed, vault, conditions)
        Self.check(report, story, "\(preset) seed \(seed)")
      }
    }
  }

  private static func check(_ report: Simulation.Report, _ story: Story, _ about: String) {
    let failure = report.result.failure.map { "\($0)" } ?? ""
    #expect(report.result.outcome == .succeeded, "\(about): \(failure)")
    #expect(report.ledger.violations == [], "\(about)")
    for (operation, count) in story.effects {
      #expect(report.ledger.operations[operation]?.effects == count, "\(about) \(operation)")
    }
  }

  @Test func `every shipped workflow has its story`() throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: Self.folder)
      .filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(".yaml".count)) }
    let reported = Set(Story.all.map(\.workflow)).union(Story.playedElsewhere)
    #expect(Set(names) == reported)
  }
}

extension PlaybookFiles {
  /// The files on disk, and one more at `path` with this text.
  fileprivate static func disk(besides path: String, _ text: String) -> PlaybookFiles {
    let disk = PlaybookFiles.disk
    return PlaybookFiles(
      resolve: { asked throws(Problem) in asked == path ? path : try disk.resolve(asked) },
      read: { asked, limit throws(Problem) in
        asked == path ? Array(text.utf8) : try disk.read(asked, limit)
      },
      names: disk.names)
  }
}
