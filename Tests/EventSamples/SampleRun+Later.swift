package import Events
import Expressions
import Operations
import Playbooks

extension SampleRun {
  /// Events with members that the first journals did not have; they follow none of `events`.
  package static let later: [RunEvent] = [
    .runStarted(
      RunStart(
        run: run, playbook: "later", file: "later.yaml", planDigest: "00", inputs: [:], seed: 1,
        version: "0.1.0",
        service: ServiceOrigins(
          api: "https://api.example.com:9009", webSocket: "wss://ws.example.com",
          upstream: "https://up.example.com", downstream: "https://down.example.com"),
        labels: [
          RunLabel(name: "tenant", value: "acme"), RunLabel(name: "app.stage", value: "a b\u{1B}"),
        ])),
    .stepStarted(
      path(.step("devices"), .iteration(0), .step("enrol")),
      StepSummary(kind: .call, title: "enrol", subject: "device.enrol", element: "vault-a")),
    .cancelRequested(grace: .seconds(10)),
    .runStarted(
      RunStart(
        run: run, playbook: "latest", file: "latest.yaml", planDigest: "00", inputs: [:], seed: 1,
        version: "0.1.0", service: sandbox)),
    .serviceChanged(
      address: "https://api.example.com:9009",
      .silent(
        duration: .seconds(3), reason: "refused the connection", left: .seconds(117))),
    .serviceChanged(
      address: "wss://ws.example.com", .silent(duration: .seconds(3), reason: nil, left: nil)),
    .serviceChanged(address: "https://api.example.com:9009", .answering),
    .stepFinished(
      path(.step("profile")), StepResult(outcome: .inDoubt, failure: doubt)),
    .stepFinished(
      path(.step("keys")),
      StepResult(outcome: .succeeded, notice: "a new key was written to `a.key`")),
  ].enumerated().map { sequence, kind in RunEvent(sequence: sequence, at: beginning, kind: kind) }

  /// A sandbox under a path.
  private static var sandbox: ServiceOrigins {
    var service = ServiceOrigins(
      api: "http://127.0.0.1:8009", webSocket: "ws://127.0.0.1:8083",
      upstream: "http://127.0.0.1:8010", downstream: "http://127.0.0.1:8011")
    service.apiPath = "/v1"
    service.isOwnSandbox = true
    return service
  }

  /// A failure of something that may have happened all the same.
  package static let doubt = Failure(
    .timeout, "https://api.example.com:9009 did not answer within the step's timeout of 2s",
    operation: "profile.register-new-profile", lookup: "profile.authenticate")
}
