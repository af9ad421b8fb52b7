import Diagnostics
import Events
import Expressions
import Foundation
import Machine
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

  /// What the stories are given, as far as they ask for it.
  private static let inputs: ValueMap = [
    "username": "a@example.com", "password": .secret(text: "planted-password-1"),
    "newPassword": .secret(text: "planted-password-2"),
    "document": ["path": "contract.txt", "name": "contract.txt", "extension": "txt", "size": 10],
    "revision": [
      "path": "contract-2.txt", "name": "contract-2.txt", "extension": "txt", "size": 16,
    ],
  ]

  static func plan(_ story: Story) throws -> Plan { try plan(try story.text) }

  /// A playbook of this text among the shipped ones.
  static func plan(_ text: String) throws -> Plan {
    var texts = SourceTexts()
    do throws(InvalidInput) {
      let files = PlaybookFiles.disk(besides: "\(folder)/story.yaml", text)
      let playbooks = try PlaybookLoader(files: files).load("\(folder)/story.yaml", texts: &texts)
      let checked = try Planner(api: try api.get()).check(playbooks)
      var inputs = Self.inputs
      for name in inputs.names where checked.planned.inputs[name] == nil { inputs[name] = nil }
      return try checked.plan(inputs: inputs)
    } catch {
      Issue.record("\(DiagnosticRenderer(texts: texts).render(error.diagnostics))")
      throw error
    }
  }

  static func run(
    _ plan: Plan, seed: UInt64, _ vault: VaultConfiguration, _ conditions: NetworkConditions,
    inspecting inspect: (([RunEvent], RunState) -> Void)? = nil
  ) throws -> SimulationReport {
    var simulation = Simulation(scenario(plan, vault, conditions), seed: seed)
    return try simulation.run(inspecting: inspect)
  }

  static func scenario(
    _ plan: Plan, _ vault: VaultConfiguration, _ conditions: NetworkConditions
  ) -> Scenario {
    let contents: [String: [UInt8]] = [
      "contract.txt": Array("As agreed.".utf8), "contract-2.txt": Array("As agreed again.".utf8),
    ]
    return Scenario(
      plan: plan, vault: vault, conditions: conditions, files: SimulatedFiles(contents),
      start: Moment(nanoseconds: 1_800_000_000_000_000_000))
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
        vault = try vault.injecting("lose=\(seed > 2 ? 20 : 0)%,double=\(seed > 3 ? 30 : 0)%")
        let conditions = NetworkConditions(
          latency: .zero ... .milliseconds([1, 300][Int(seed % 2)]))
        let report = try Self.run(plan, seed: seed, vault, conditions)
        Self.check(report, story, "\(preset) seed \(seed)")
      }
    }
  }

  @Test(arguments: Story.all)
  func `after every input, the stored events give the state of the machine that wrote them`(
    _ story: Story
  ) throws {
    let plan = try Self.plan(story)
    let store = try EventStore()
    var folded = RunState(of: plan)
    var flaw: Int?
    let vault = try VaultConfiguration().injecting("lose=20%,double=30%")
    let conditions = NetworkConditions(latency: .zero ... .milliseconds(300))
    _ = try Self.run(plan, seed: 7, vault, conditions) { events, state in
      for event in events.dropFirst(folded.nextSequence) {
        guard let read = try? store.storedAndRead(event) else {
          flaw = event.sequence
          return
        }
        folded.apply(read)
      }
      if folded != state { flaw = flaw ?? folded.nextSequence }
    }
    #expect(flaw == nil, "the event before \(flaw ?? 0)")
  }

  @Test(arguments: Story.all)
  func `a workflow does what it is for where reads lag behind`(_ story: Story) throws {
    let plan = try Self.plan(story)
    for lag in [Duration.milliseconds(300), .seconds(4)] {
      for preset in [DialectPreset.official, .observed, .mixed] {
        var vault = VaultConfiguration()
        vault.speak(preset)
        vault.readLag = lag
        let report = try Self.run(plan, seed: 5, vault, NetworkConditions())
        Self.check(report, story, "\(preset), reads \(lag) behind")
      }
    }
  }

  @Test(arguments: Story.all)
  func `a workflow survives devices that need their own key and their configuration`(
    _ story: Story
  ) throws {
    var vault = VaultConfiguration()
    vault.dialect.deviceKey = .yes
    vault.dialect.deviceOnline = .afterConfiguration
    vault.deviceKeyDelay = .seconds(20)
    let report = try Self.run(try Self.plan(story), seed: 6, vault, NetworkConditions())
    Self.check(report, story, "devices on their own")
  }

  @Test func `credentials that were given to somebody else are a failure`() throws {
    let turns = try Story(workflow: "register-application").text
    let beginning = try #require(turns.range(of: "  - id: turn1")).lowerBound
    let text =
      turns[..<beginning] + """
          - id: session
            steps:
              - id: other
                call: oauth-application.register-oauth-application
                with: { name: billing, redirectUri: "https://b.example/cb", scopes: [all] }
                session: &own { username: "${{ inputs.username }}", password: "${{ inputs.password }}" }
              - call: oauth-application.retrieve-oauth-app-configuration
                with: { applicationId: "${{ steps.other.applicationId }}" }
                session: *own
          - play: register-application.yaml
            with:
              username: ${{ inputs.username }}
              password: ${{ inputs.password }}
              name: billing
              redirectUri: https://b.example/cb
              folder: applications
        """
    let report = try Self.run(
      try Self.plan(String(text)), seed: 1, VaultConfiguration(), NetworkConditions())
    #expect(report.result.outcome == .failed)
    #expect(report.result.failure?.message.contains("gives them once only") ?? false)
  }

  private static func check(_ report: SimulationReport, _ story: Story, _ about: String) {
    let failure = report.result.failure.map { "\($0)" } ?? ""
    #expect(report.result.outcome == .succeeded, "\(about): \(failure)")
    #expect(report.ledger.violations == [], "\(about)")
    for (operation, count) in story.effects {
      #expect(report.ledger.operations[operation]?.effects == count, "\(about) \(operation)")
    }
  }

  @Test func `every rescue of a shipped workflow names the failure it is for`() throws {
    for part in ["", "/lib"] {
      let folder = Self.folder + part
      for name in try FileManager.default.contentsOfDirectory(atPath: folder)
      where name.hasSuffix(".yaml") {
        let lines = try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
          .split(separator: "\n").map { $0.drop { $0 == " " } }.filter { !$0.hasPrefix("#") }
        for (index, line) in lines.enumerated() where line == "rescue:" {
          let first = lines.dropFirst(index + 1).prefix(5)
          #expect(first.dropFirst().first == "assert:", "\(name): the first step asserts")
          #expect(first.joined().contains("error."), "\(name): the failure is named")
        }
      }
    }
  }

  @Test func `every shipped workflow has its story`() throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: Self.folder)
      .filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(".yaml".count)) }
    let reported = Set(Story.all.map(\.workflow)).union(Story.playedElsewhere)
    #expect(Set(names) == reported)
    #expect(try Story.written == Set(Story.all.map(\.workflow)))
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
