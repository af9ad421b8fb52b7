package import Events
import Expressions
import Operations
import Playbooks

extension SampleRun {
  /// Events with members that the first journals did not have; they follow none of `events`.
  package static let later: [RunEvent] = (additions + work).enumerated().map { sequence, kind in
    RunEvent(sequence: sequence, at: beginning, kind: kind)
  }

  /// One run with an event of every kind.
  package static var everything: [RunEvent] {
    let added = later.map(\.kind).filter { $0.type != .runStarted && $0.type != .runResumed }
    let kinds = events.map(\.kind)
    return (kinds.dropLast() + added + kinds.suffix(1)).enumerated().map { sequence, kind in
      RunEvent(sequence: sequence, at: beginning, kind: kind)
    }
  }

  private static let additions: [RunEvent.Kind] = [
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
  ]

  /// What a resumed run needs besides.
  private static let work: [RunEvent.Kind] = [
    .sessionChanged(username: "application", .refreshing),
    .sessionChanged(
      username: "application",
      .refreshed(
        tokens: [
          "accessToken": .secret(text: PlantedSecrets.token),
          "refreshToken": .secret(text: PlantedSecrets.password),
        ])),
    .attemptStarted(path(.step("devices"), .branch("left"), .rescue), attempt: 2),
    .stepReused(
      path(.step("devices"), .step("enrol"), .always),
      StepSummary(kind: .approve, title: "enrol", subject: "device.enrol")),
    .actionIntended(
      path(.step("keys")),
      ActionIntent(attempt: 1, action: "keys.generate", arguments: ["privateKeyFile": "a.key"])),
    .approvalRequested(
      path(.step("release")),
      ApprovalRequest(
        message: "Release the policy?", fields: [ApprovalField(name: "ticket", type: .string)],
        deadline: beginning + .seconds(3600))),
    .approvalDecided(
      path(.step("release")),
      ApprovalDecision(
        .approved, fields: ["ticket": "OPS-1"], by: "operator", at: beginning + .seconds(2))),
    .approvalDecided(
      path(.step("release")), ApprovalDecision(.rejected(reason: "not in this window"))),
    .workEnded(
      path(.step("devices")),
      WorkEnd(
        result: StepResult(outcome: .failed, failure: doubt),
        origin: path(.step("devices"), .step("enrol")))),
    .stopping(path(.step("devices")), .stepFailed(path(.step("devices"), .step("enrol")))),
    .stopping(path(.step("devices")), .timedOut(doubt)),
    .internalError("an answer came to a call that was never made"),
    .runResumed(
      RunResumption(owner: "host-1", epoch: 2, seed: .max, version: "0.2.0")),
  ]

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
