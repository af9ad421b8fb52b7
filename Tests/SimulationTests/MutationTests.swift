import Events
import Expressions
import Machine
import Operations
import OrderedCollections
import Planning
import Playbooks
import Sandbox
import Simulation
import Testing

/// The simulator finds mistakes: a machine that makes one breaks a property, and the run that shows it
/// is a short one.
@Suite("Mistakes that the simulator finds")
struct MutationTests {
  /// A mistake, and what finds it.
  struct Mutation: Sendable, CustomTestStringConvertible {
    let name: String
    var tampering: Tampering?
    /// What the machine believes of the operations, as changed by this.
    var description: (@Sendable (inout APIDescription) -> Void)?
    var faults = "none"
    var crashMode = Campaign.CrashMode.none
    var ackTime = "settled"
    let property: Property
    /// How many crashes and faults the smallest run has.
    var crashes = 0
    var injections = 0

    var testDescription: String { name }
  }

  private static let steps = """
      - id: asked
        call: device.request-unique-identifier
        with: { deviceName: vault-a }
      # A read shows it by its name also where the response to the request was lost.
      - id: found
        wait: { until: size(answer.devices) > 0, call: device.retrieve-profile-devices }
      - call: device.approve-device
        with: { deviceIdentifier: "${{ steps.found.devices[0].deviceIdentifier }}" }
      - call: device.configure-device-meta
        with: { deviceIdentifier: "${{ steps.found.devices[0].deviceIdentifier }}", name: first }
    """

  private static func subject(_ mutation: Mutation) throws -> CampaignSubject {
    var api = try APIDescription.embedded()
    mutation.description?(&api)
    let plan = try SimulatedPlaybook(steps, api: api).plan
    var vault = VaultConfiguration()
    vault.speak(.own)
    for variant in DialectVariant.all where variant.name == "ack-time" {
      vault.fix(variant, mutation.ackTime)
    }
    var scenario = Scenario(
      plan: plan, vault: vault, files: SimulatedFiles(), start: SimulatedPlaybook.start)
    scenario.repetitions = Dictionary(
      uniqueKeysWithValues: try APIDescription.embedded().operations.values.map {
        ($0.id, $0.repetition)
      })
    scenario.tampering = mutation.tampering
    do throws(CampaignSubject.Problem) {
      return try CampaignSubject(
        scenario, after: mutation.crashMode == .every ? "step-6" : nil)
    } catch {
      guard case .violation(let violation, _) = error else { throw error }
      throw violation
    }
  }

  @Test(arguments: Mutation.all) func `a mistake is found, and shown by a short run`(
    _ mutation: Mutation
  ) async throws {
    let subject: CampaignSubject
    do {
      subject = try Self.subject(mutation)
    } catch let violation as Violation {
      // It shows without any crash or fault.
      #expect(violation.property == mutation.property, "\(violation.detail)")
      #expect(mutation.crashes == 0 && mutation.injections == 0)
      return
    }
    let campaign = Campaign(
      over: subject, runs: 300, seed: 1, faults: try FaultSpec(parsing: mutation.faults),
      crashMode: mutation.crashMode, workers: 2)
    var noted: Finding?
    let finding = try #require(
      await campaign.perform { noted = $0 }.finding, "nothing was found")
    #expect(noted?.violation.property == mutation.property && noted?.attempts == 0)
    #expect(finding.violation.property == mutation.property, "\(finding.violation.detail)")
    #expect(finding.smallest.crashes.count == mutation.crashes)
    #expect((finding.report?.faults.values.reduce(0, +) ?? 0) == mutation.injections)
    #expect(finding.attempts <= 600)
    // What is reported can be run again.
    #expect(subject.run(finding.smallest).violation == finding.violation)
  }

  @Test func `the machine as it is makes none of these mistakes`() async throws {
    let untouched = Mutation(name: "none", crashMode: .every, property: .order)
    let campaign = Campaign(
      over: try Self.subject(untouched), runs: 60, seed: 1,
      faults: try FaultSpec(parsing: "light"), crashMode: .every, workers: 2)
    let result = await campaign.perform()
    #expect(result.finding?.violation == nil)
    #expect(result.runs == 60)
    #expect(result.points > 40)
    #expect(result.pairs == result.points - 1)
    #expect(result.tally.runs == result.runs + result.points + result.pairs)
  }

  @Test(arguments: [1, 2, 5]) func `the result is the same whatever the number of workers`(
    _ workers: Int
  ) async throws {
    let mutation = try #require(Mutation.all.first { $0.name == "forgets to reconcile" })
    var campaign = Campaign(
      over: try Self.subject(mutation), runs: 300, seed: 1,
      faults: try FaultSpec(parsing: mutation.faults), crashMode: .none, workers: 1)
    let first = await campaign.perform()
    campaign.workers = workers
    let second = await campaign.perform()
    #expect(second.tally == first.tally)
    #expect(second.finding?.smallest == first.finding?.smallest)
    #expect(second.finding?.violation == first.finding?.violation)
  }
}

extension MutationTests.Mutation {
  fileprivate static let all: [Self] = [
    Self(
      name: "skips the write-ahead", tampering: .skippingWriteAhead, crashMode: .every,
      property: .repeatedEffect, crashes: 1),
    Self(
      name: "resends blindly after a crash", description: { $0.makeHarmless() }, crashMode: .every,
      property: .repeatedEffect, crashes: 1),
    Self(
      name: "resends blindly after a lost answer", description: { $0.makeHarmless() },
      faults: "reset-after=3%,slow=3%", property: .repeatedEffect, injections: 1),
    Self(
      name: "ignores early outcomes", tampering: .ignoringEarlyOutcomes, ackTime: "early",
      property: .lostOutcome),
    Self(
      name: "forgets to reconcile", tampering: .forgettingToReconcile, faults: "drop=4%,late=3%",
      property: .lostOutcome, injections: 1),
    Self(name: "evolves without an event", tampering: .withholding { $0 }, property: .order),
    Self(
      name: "evolves without an event and counts on", tampering: .withholdingAndRenumbering,
      property: .fold),
    Self(name: "records another outcome", tampering: .falsifying, property: .contradiction),
    Self(name: "lets a secret out", tampering: .leaking, property: .secret),
  ]
}

extension APIDescription {
  /// A device may be asked for twice, it says.
  fileprivate mutating func makeHarmless() {
    operations["device.request-unique-identifier"]?.repetition = .harmless
  }
}

extension RunAction {
  fileprivate var isExchange: Bool { if case .exchange = self { true } else { false } }
}

extension Tampering {
  private static let pollPath = "/request-status/"

  private static func isPoll(_ action: RunAction) -> Bool {
    guard case .exchange(_, let request) = action else { return false }
    return request.path.hasPrefix(pollPath)
  }

  /// A request leaves before its intent is recorded.
  fileprivate static let skippingWriteAhead = Tampering(actions: { actions, _ in
    actions.filter(\.isExchange) + actions.filter { !$0.isExchange }
  })

  /// What is said of a command before the answer that names it is lost, and nobody asks for it.
  fileprivate static let ignoringEarlyOutcomes = Tampering(
    input: { input, notes in
      switch input {
      case .answered(_, let response):
        if let command = response.header("X-Dpt-Cab-Id") { notes.insert(command) }
      case .received(_, let text):
        let messages = ServiceMessage.all(in: text)
        for case .commandStatus(let command, _, _) in messages where !notes.contains(command) {
          return nil
        }
      case _: break
      }
      return input
    },
    actions: { actions, _ in actions.filter { !isPoll($0) } })

  /// Once a socket was lost, nobody asks for outcomes any more.
  fileprivate static let forgettingToReconcile = Tampering(
    input: { input, notes in
      if case .disconnected = input { notes.insert("lost") }
      return input
    },
    actions: { actions, notes in
      notes.contains("lost") ? actions.filter { !isPoll($0) } : actions
    })

  /// The end of a command is not recorded, and what follows is changed by `change`.
  fileprivate static func withholding(
    _ change: @escaping @Sendable (RunEvent) -> RunEvent
  ) -> Tampering {
    Tampering(actions: { actions, notes in
      actions.compactMap { action in
        guard case .record(let event) = action else { return action }
        if case .commandSettled = event.kind, notes.isEmpty {
          notes.insert("withheld")
          return nil
        }
        return notes.isEmpty ? action : .record(change(event))
      }
    })
  }

  fileprivate static let withholdingAndRenumbering = withholding { event in
    var event = event
    event.sequence -= 1
    return event
  }

  /// A command that succeeded is recorded as rejected.
  fileprivate static let falsifying = Tampering(actions: { actions, _ in
    actions.map { action in
      guard case .record(var event) = action,
        case .commandSettled(let path, var verdict) = event.kind
      else { return action }
      verdict.state = .rejected
      event.kind = .commandSettled(path, verdict)
      return .record(event)
    }
  })

  /// The name of a session holds its password.
  fileprivate static let leaking = Tampering(actions: { actions, _ in
    actions.map { action in
      guard case .record(var event) = action, case .sessionChanged(_, let change) = event.kind
      else {
        return action
      }
      event.kind = .sessionChanged(username: "tenant:planted-password-1", change)
      return .record(event)
    }
  })
}
