package import Events
import Expressions
import Operations
import Playbooks

extension SampleRun {
  /// Events of runs that went on after they were over, or reuse the results of others; they follow none
  /// of `events`.
  package static let recovery: [RunEvent] = recoveries.enumerated().map { sequence, kind in
    RunEvent(sequence: sequence, at: beginning, kind: kind)
  }

  /// An event of a run with every member that there is.
  package static let all: [RunEvent] = events + later + recovery + SampleRollout.tenant

  private static var recoveries: [RunEvent.Kind] {
    [
      .runStarted(reusing),
      .stepReused(
        path(.step("keys")), StepSummary(kind: .local, title: "keys", subject: "keys.generate"),
        StepResult(
          outcome: .succeeded, value: ["privateKey": .secret(text: PlantedSecrets.token)])),
      .stepWaiting(path(.step("profile")), .lookup(operation: "profile.authenticate")),
      .stepWaiting(path(.step("profile")), .step(path(.step("keys")))),
      .doubtSettled(
        path(.step("profile")),
        DoubtVerdict(
          isDone: true, means: .lookup, operation: "profile.authenticate",
          value: ["token": .secret(text: PlantedSecrets.token)])),
      .doubtSettled(path(.step("profile")), DoubtVerdict(isDone: false, means: .assumption)),
      .stateCompared(path(.step("profile")), comparison),
      .stepFinished(
        path(.step("profile")),
        StepResult(
          outcome: .unchanged, change: StateChange(.unchanged),
          observed: ObservedThing(
            identity: ["username": "a", "password": .secret(text: PlantedSecrets.token)],
            fields: ["title": "new"]))),
      .stepFinished(
        path(.step("gone")),
        StepResult(
          outcome: .unchanged, change: StateChange(.unchanged),
          observed: ObservedThing(identity: ["name": "x"], fields: nil))),
      .stepFinished(
        path(.step("keys")),
        StepResult(
          outcome: .succeeded,
          change: StateChange(.create, reason: "`a.key` does not exist", isLocal: true))),
      .stepFinished(path(.step("stores")), looped),
      .effectRecorded(path(.step("devices"), .step("enrol")), ["deviceIdentifier": "d-1"]),
      .undoing(
        path(.step("devices")),
        Undoing(
          end: WorkEnd(
            result: StepResult(outcome: .failed, failure: doubt),
            origin: path(.step("devices"), .step("gate"))),
          steps: [path(.step("devices"), .step("enrol"))],
          kept: [path(.step("devices"), .step("gate"))]
        )),
      .undoing(
        .root, Undoing(end: WorkEnd(result: StepResult(outcome: .cancelled)), steps: [.root])),
      .stepStarted(path(.undo, .step("1-enrol")), StepSummary(kind: .block, title: "undo enrol")),
      .commandSettled(path(.step("device")), rejected),
      .stepFinished(
        path(.step("device")), StepResult(outcome: .tolerated, failure: Self.taken)),
      .runFinished(changed),
      .runResumed(reopened),
    ]
  }

  private static var comparison: StateComparison {
    var comparison = StateComparison(
      operation: "device.retrieve-profile-devices",
      change: StateChange(
        .change,
        differences: [
          Lookup.Difference(field: "title", asked: "new", found: "old"),
          Lookup.Difference(
            field: "key", asked: .null, found: .secret(text: PlantedSecrets.token)),
        ], reason: "it differs"), recreates: true,
      record: ["key": .secret(text: PlantedSecrets.token)], seen: ["019735db"])
    comparison.done = ["device.remove-device"]
    return comparison
  }

  /// The end of a loop in which the second round changed something.
  private static var looped: StepResult {
    var result = StepResult(
      outcome: .succeeded, value: [["device": ["id": "1"]], ["device": ["id": "2"]]])
    result.changesBelow = StepChanges(any: true, rounds: [nil, ["device": true]])
    result.outcomes = StepOutcomes(rounds: [["device": "unchanged"], nil])
    return result
  }

  /// A command that was refused for a reason that the playbook names.
  private static var rejected: CommandVerdict {
    var verdict = CommandVerdict(
      commandID: "3f2a1b9c-0009", state: .rejected, means: .socket, body: "device.name_taken")
    verdict.reason = "device.name_taken"
    return verdict
  }

  private static var taken: Failure {
    var failure = Failure(.rejected, "the command was rejected: device.name_taken")
    failure.reason = "device.name_taken"
    return failure
  }

  private static var changed: RunResult {
    var result = RunResult(outcome: .succeeded)
    for kind in StateChange.Kind.allCases { result.changes.add(kind, count: 2) }
    return result
  }

  /// A run that begins where another one was.
  private static var reusing: RunStart {
    var start = RunStart(
      run: run, playbook: "later", file: "later.yaml", planDigest: "00", inputs: [:], seed: 1,
      version: "0.2.0")
    start.environment = "staging"
    start.reused = ReusedRun(run: run, step: path(.step("devices")), eventCount: 12)
    return start
  }

  /// A run that was over goes on at another address.
  private static var reopened: RunResumption {
    var resumption = RunResumption(
      owner: "host-2", epoch: 3, seed: 7, version: "0.2.0",
      service: ServiceOrigins(
        api: "https://api.example.com", webSocket: "wss://ws.example.com",
        upstream: "https://up.example.com", downstream: "https://down.example.com"))
    resumption.reopening = Reopening(
      again: [path(.step("devices"), .step("enrol"))], continued: [path(.step("profile"))],
      pause: .seconds(60))
    return resumption
  }
}
