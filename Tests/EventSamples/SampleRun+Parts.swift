import Diagnostics
import Events
import Expressions
import Operations
import Playbooks

extension SampleRun {
  typealias Part = [(milliseconds: Int, kind: RunEvent.Kind)]

  static func path(_ components: StepPath.Component...) -> StepPath {
    StepPath(components: components)
  }

  static let opening: Part = [
    (
      0,
      .runStarted(
        RunStart(
          run: run, playbook: "onboard-tenant", file: "workflows/onboard-tenant.yaml",
          planDigest: "9f86d081884c7d65", inputs: inputs, seed: .max, version: "0.1.0"))
    ),
    (1, .stepFinished(path(.step("backup")), StepResult(outcome: .skipped))),
  ]

  private static let inputs: ValueMap = [
    "username": "a@example.com", "password": .secret(text: PlantedSecrets.password),
    "document": .bytes([UInt8](repeating: 7, count: 2000)), "small": .bytes([1, 2, 3]),
    "stores": ["vault-a", "vault-b"], "ratio": 0.5, "limit": .uint(.max),
    "since": .timestamp(Timestamp(seconds: 1_700_000_000, nanoseconds: 500_000_000)),
    "ttl": .duration(.milliseconds(1500)), "kind": .type("string"), "nothing": nil,
  ]

  static let profile: Part = {
    let step = path(.step("profile"))
    return [
      (
        2,
        .stepStarted(
          step,
          StepSummary(kind: .call, title: "profile", subject: "profile.register-new-profile"))
      ),
      (
        3,
        .requestIntended(
          step,
          RequestIntent(
            attempt: 1, operation: "profile.register-new-profile", method: "POST",
            path: "/profile/register-new-profile",
            arguments: [
              "username": "a@example.com", "password": .secret(text: PlantedSecrets.password),
            ]))
      ),
      (
        9,
        .requestAnswered(
          step,
          RequestAnswer(
            attempt: 1, status: 202, commandID: "3f2a1b9c-0001",
            body: ["command": "3f2a1b9c-0001"]))
      ),
      (10, .stepWaiting(step, .command(id: "3f2a1b9c-0001"))),
      (11, .commandPending(step, commandID: "3f2a1b9c-0001")),
      (
        30,
        .commandSettled(
          step,
          CommandVerdict(
            commandID: "3f2a1b9c-0001", state: .succeeded, means: .poll, body: nil))
      ),
      (
        31,
        .stepFinished(
          step,
          StepResult(
            outcome: .succeeded,
            value: ["id": 7, "token": .secret(text: PlantedSecrets.token)]))
      ),
      (32, .sessionChanged(username: "a@example.com", .authenticated)),
      (40, .sessionChanged(username: "a@example.com", .joined)),
    ]
  }()

  static let devices: Part = {
    let loop = path(.step("devices"))
    let first = path(.step("devices"), .iteration(0), .step("enrol"))
    let second = path(.step("devices"), .iteration(1), .step("enrol"))
    let summary = StepSummary(
      kind: .call, title: "Enrol the device", subject: "device.request-identifier")
    func intent(_ attempt: Int, _ name: String) -> RequestIntent {
      RequestIntent(
        attempt: attempt, operation: "device.request-identifier", method: "POST",
        path: "/device/request-device-identifier", arguments: ["name": .string(name)])
    }
    return [
      (41, .stepStarted(loop, StepSummary(kind: .forEach, title: "devices"))),
      (41, .stepStarted(first, summary)),
      (41, .stepStarted(second, summary)),
      (41, .stepWaiting(second, .session(username: "a@example.com"))),
      (42, .requestIntended(first, intent(1, "vault-a"))),
      (43, .requestIntended(second, intent(1, "vault-b"))),
      (
        44,
        .attemptFailed(
          first, attempt: 1,
          Failure(.network, "the connection broke", operation: "device.request-identifier"),
          pause: .milliseconds(1500))
      ),
      (50, .requestAnswered(second, RequestAnswer(attempt: 1, status: 200, body: ["id": "d-2"]))),
      (51, .stepFinished(second, StepResult(outcome: .unchanged, value: ["id": "d-2"]))),
      (1544, .requestIntended(first, intent(2, "vault-a"))),
      (1550, .requestAnswered(first, RequestAnswer(attempt: 2, status: 200, body: ["id": "d-1"]))),
      (1551, .stepFinished(first, StepResult(outcome: .succeeded, value: ["id": "d-1"]))),
      (1552, .stepFinished(loop, StepResult(outcome: .succeeded))),
    ]
  }()

  static let data: Part = {
    let step = path(.step("prepare"), .branch("left"), .step("fetch"))
    return [
      (1553, .stepStarted(path(.step("prepare")), StepSummary(kind: .parallel, title: "prepare"))),
      (
        1554,
        .stepStarted(
          step, StepSummary(kind: .call, title: "fetch", subject: "data-token.request-data"))
      ),
      (
        1555,
        .requestIntended(
          step,
          RequestIntent(
            attempt: 1, operation: "data-token.request-data", method: "POST",
            path: "/data-token/request-data", arguments: [:]))
      ),
      (
        1560,
        .requestAnswered(
          step, RequestAnswer(attempt: 1, status: 200, requestID: "req-77", body: nil))
      ),
      (1561, .stepWaiting(step, .data(requestID: "req-77"))),
      (1570, .dataArrived(step, requestID: "req-77", byteCount: 4096, means: .download)),
      (1571, .stepFinished(step, StepResult(outcome: .succeeded, value: ["size": 4096]))),
      (1572, .stepFinished(path(.step("prepare")), StepResult(outcome: .succeeded))),
    ]
  }()
}
