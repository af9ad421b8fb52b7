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

/// A playbook of a test's own, which may play the shipped ones, and runs of it.
struct SimulatedPlaybook {
  static let start = Moment(nanoseconds: 1_800_000_000_000_000_000)

  let plan: Plan

  /// Steps of the tenant `tenant`, whose password is `inputs.secret`, after two profiles, `tenant`
  /// and `operator`, have been registered with their keys.
  ///
  /// `api` is what the machine believes of the operations; the shipped description, unless given.
  /// `played` is what `play: played.yaml` plays.
  init(
    _ steps: String, session: String = "", played: String? = nil, api: APIDescription? = nil
  ) throws {
    plan = try Self.plan(
      """
      playbook: 1
      name: simulated
      inputs: { secret: { type: secret }, other: { type: secret } }
      session: { username: tenant, password: "${{ inputs.secret }}"\(session) }
      steps:
        - call: profile.register-new-profile
          with: { username: tenant, password: "${{ inputs.secret }}" }
          session: none
        - call: profile.register-new-profile
          with: { username: operator, password: "${{ inputs.other }}" }
          session: none
        - id: ownKey
          call: keys.generate
          with: { privateKeyFile: tenant.key }
        - call: public-key.register-public-key
          with: { publicKey: "${{ steps.ownKey.publicKey }}" }
        - id: otherKey
          call: keys.generate
          with: { privateKeyFile: operator.key }
        - call: public-key.register-public-key
          with: { publicKey: "${{ steps.otherKey.publicKey }}" }
          session: { username: operator, password: "${{ inputs.other }}" }
      \(steps)
      """, playing: played, try api ?? .embedded())
  }

  private static func plan(
    _ text: String, playing played: String?, _ api: APIDescription
  ) throws -> Plan {
    let folder = "\(#filePath)".split(separator: "/").dropLast(4).joined(separator: "/")
    let main = "/\(folder)/workflows/simulated.yaml"
    let own = [main: text, "/\(folder)/workflows/played.yaml": played].compactMapValues(\.self)
    let disk = PlaybookFiles.disk
    var texts = SourceTexts()
    do throws(InvalidInput) {
      let files = PlaybookFiles(
        resolve: { path throws(PlaybookFiles.Problem) in
          own[path] == nil ? try disk.resolve(path) : path
        },
        read: { path, limit throws(PlaybookFiles.Problem) in
          if let text = own[path] { return Array(text.utf8) }
          return try disk.read(path, limit)
        },
        names: disk.names)
      let loaded = try PlaybookLoader(files: files).load(main, texts: &texts)
      return try Planner(api: api).check(loaded).plan(
        inputs: [
          "secret": .secret(text: "planted-password-1"),
          "other": .secret(text: "planted-password-2"),
        ])
    } catch {
      Issue.record("\(DiagnosticRenderer(texts: texts).render(error.diagnostics))")
      throw error
    }
  }

  func run(
    seed: UInt64, _ vault: VaultConfiguration = VaultConfiguration(),
    _ conditions: NetworkConditions = NetworkConditions(), settings: RunSettings = RunSettings()
  ) throws -> SimulationReport {
    var simulation = Simulation(
      Scenario(
        plan: plan, vault: vault, conditions: conditions, files: SimulatedFiles(),
        start: Self.start, settings: settings), seed: seed)
    return try simulation.run()
  }
}

extension SimulationReport {
  /// The value of the step of that path when it was finished last.
  func value(of path: String) -> Value? {
    events.compactMap { event -> Value? in
      guard case .stepFinished(let found, let result) = event.kind, found.description == path
      else { return nil }
      return result.value
    }.last
  }

  /// The changes of the sessions, in order, as `name state`.
  var sessions: [String] {
    events.compactMap { event -> String? in
      guard case .sessionChanged(let name, let change) = event.kind else { return nil }
      return switch change {
      case .refreshing: "\(name) refreshing"
      case .refreshed: "\(name) refreshed"
      case .authenticated: "\(name) authenticated"
      case .joined: "\(name) joined"
      case .lost: "\(name) lost"
      case .closed: "\(name) closed"
      case .revoked: "\(name) revoked"
      case .notRevoked(let reason): "\(name) not revoked: \(reason)"
      }
    }
  }

  /// Every line that leaves the process.
  var outsideText: String {
    guard let run = state.start?.run else { return "" }
    return events.map { EncodedEvent($0, of: run).line }.joined(separator: "\n")
  }

  func effects(_ operation: String) -> Int { ledger.operations[operation]?.effects ?? 0 }
  func received(_ operation: String) -> Int { ledger.operations[operation]?.received ?? 0 }
}
