import Diagnostics
import EventSamples
import Events
import Expressions
import Operations
import Playbooks

@testable import Reporting

/// A rollout over nine tenants, one in each state, two of which failed for the same reason.
enum ReportedRollout {
  static let id = SampleRun.drawn(100)

  /// Markup, terminal sequences and a formula, in one name.
  static let hostile = "=<b>\u{1B}[2J`x`|\u{202E}\"'&@all"

  static var start: RolloutStart {
    var service = ServiceOrigins(
      api: "https://api.example.com:443", webSocket: "wss://ws.example.com:443",
      upstream: "https://up.example.com:443", downstream: "https://down.example.com:443")
    service.apiPath = "/v1"
    return RolloutStart(
      rollout: id, name: "onboard", file: "workflows/rollouts/onboard.yaml",
      playbook: "onboard-tenant", tenantsFile: "samples/tenants.csv", tenantCount: 9, mode: .apply,
      limits: ["concurrency": 4], stages: [1, 9], environment: "staging", service: service,
      labels: [RunLabel(name: "ticket", value: "OPS-7")], version: "1.0.0", seed: 7,
      definition: "d", tenants: "t",
      pinned: PinnedPlan(
        files: "f", description: "d", outline: "o", path: "onboard.yaml", folder: "/"))
  }

  static func at(_ seconds: Int) -> Moment { SampleRun.beginning + .seconds(seconds) }

  static let refusal = TenantRefusal(
    tenant: "wayne", index: 7, reason: "the file secrets/wayne.txt does not exist",
    hint: "write the password into it")

  static var counts: TenantCounts {
    rows.reduce(into: TenantCounts()) { $0[$1.state] += 1 }
  }

  static let stop = RolloutStop.failures(count: 3, limit: 3)

  static func events(endsAt second: Int? = 95) -> [RunEvent] {
    var kinds: [(Int, RolloutEvent)] = [
      (0, .started(start)), (0, .stageStarted(stage: 1, tenants: 1)),
      (20, .stageProved(stage: 1)), (20, .baking(stage: 1, until: at(30))),
      (30, .stageStarted(stage: 2, tenants: 9)), (40, .tenantRefused(refusal)),
      (80, .stopping(stop)),
    ]
    if let second {
      kinds.append((second, .finished(.init(outcome: .inDoubt, counts: counts, stop: stop))))
    }
    return kinds.enumerated().map { sequence, entry in
      RunEvent(sequence: sequence, at: at(entry.0), kind: .rollout(entry.1))
    }
  }

  static func failure(_ device: String) -> Failure {
    Failure(
      .rejected, "the command was rejected: device \(device) is registered",
      hint: "remove it with `device.remove-device`", status: 409, operation: "device.enrol",
      location: SourceLocation(file: "workflows/onboard.yaml", line: 12, column: 5, length: 6))
  }

  static let step = StepPath(components: [.step("enrol"), .step("device")])

  private static func row(
    _ index: Int, _ name: String, _ state: TenantState, _ seconds: ClosedRange<Int>? = nil
  ) -> TenantRow {
    TenantRow(
      name: name, index: index, labels: [RunLabel(name: "region", value: "eu")],
      run: seconds == nil ? nil : SampleRun.drawn(UInt64(index)), state: state,
      startedAt: seconds.map { at($0.lowerBound) }, endedAt: seconds.map { at($0.upperBound) })
  }

  static var rows: [TenantRow] {
    var acme = row(0, "acme", .succeeded, 0...20)
    acme.changes.add(.create, count: 3)
    var globex = row(1, "globex", .unchanged, 30...34)
    globex.changes.add(.unchanged, count: 3)
    var initech = row(2, "initech", .failed, 30...70)
    initech.failure = failure("d-17")
    initech.failedStep = step
    var umbrella = row(3, "umbrella", .failed, 31...80)
    umbrella.failure = failure("d-9921")
    umbrella.failedStep = step
    var hooli = row(4, "hooli", .inDoubt, 34...90)
    hooli.failure = Failure(.timeout, "no response within 30 s", operation: "device.enrol")
    hooli.failedStep = step
    var odd = row(5, hostile, .cancelled, 40...80)
    odd.failure = Failure(.local, "<script>alert(1)</script>\n=cmd|' /C calc'!A0")
    var stark = row(6, "stark", .waiting, 41...50)
    stark.endedAt = nil
    return [
      acme, globex, initech, umbrella, hooli, odd, stark, TenantRow(refusal),
      row(8, "wonka", .notStarted),
    ]
  }

  /// The sample run, as one of the run `run`; it has secrets in it.
  static var source: TenantSource {
    TenantSource(rows) { run in
      run == SampleRun.drawn(2) ? SampleRun.events : []
    }
  }

  static var report: RolloutReport {
    RolloutReport(RolloutView(events()), source)
  }

  /// A rollout over `count` tenants, three in a hundred of which fail for five reasons.
  static func large(_ count: Int) -> [TenantRow] {
    (0..<count).map { index in
      var row = TenantRow(
        name: "tenant-\(index)", index: index, run: SampleRun.drawn(UInt64(index)),
        state: .succeeded, startedAt: at(index / 10), endedAt: at(index / 10 + 5))
      if index % 100 < 3 { row.fail(index / 100 % 5) }
      return row
    }
  }
}

extension TenantRow {
  fileprivate mutating func fail(_ reason: Int) {
    state = .failed
    let subject = "\(name)@example.com"
    failure =
      switch reason {
      case 0: Failure(.rejected, "the user \(subject) exists", status: 409, operation: "user.add")
      case 1:
        Failure(.rejected, "the user \(subject) is locked", status: 409, operation: "user.add")
      case 2: Failure(.throttled, "HTTP 429: try again in \(index) s", status: 429)
      case 3: Failure(.timeout, "no response within 30 s", operation: "device.enrol")
      case _: Failure(.expectation, "`answer.state == 'ready'` is false: \"\(index)\"")
      }
  }
}
