import Diagnostics
import Events
import Expressions
import Operations
import Playbooks

extension SampleRun {
  static let vote: Part = {
    let step = path(.step("vote"))
    return [
      (
        1573,
        .stepStarted(
          step, StepSummary(kind: .wait, title: "vote", subject: "voting.check-pool-status"))
      ),
      (1574, .sessionChanged(username: "a@example.com", .lost(reason: "the socket broke"))),
      (
        1580,
        .stepWaiting(
          step,
          .condition(
            "answer.status != 'pending'",
            answer: [
              "status": "pending", "ballots": ["sent": 3, "yes": 2, "no": 0, "pending": 1],
              "expiresAt": "2026-01-01T00:00:42.500Z",
            ]))
      ),
      (1590, .sessionChanged(username: "a@example.com", .joined)),
      (1600, .stepFinished(step, StepResult(outcome: .succeeded))),
      (1601, .stepStarted(path(.step("pause")), StepSummary(kind: .wait, title: "pause"))),
      (1601, .stepWaiting(path(.step("pause")), .pause(until: beginning + .milliseconds(1700)))),
      (1700, .stepFinished(path(.step("pause")), StepResult(outcome: .succeeded))),
    ]
  }()

  static let refusal = Failure(
    .rejected, "the service refused the command", hint: "ask the voters why", status: 202,
    operation: "data-token.exchange",
    answer: [
      "reason": "vote refused\u{1B}[31m\u{202E}", "note": .secret(text: PlantedSecrets.reason),
    ],
    location: SourceLocation(file: "workflows/lib/store-file.yaml", line: 12, column: 5, length: 8)
  )

  static let upload: Part = {
    let outer = path(.step("upload"))
    let inner = path(.step("upload"), .step("exchange"))
    let rescue = path(.step("upload"), .rescue, .step("tidy"))
    let always = path(.step("upload"), .always, .step("close"))
    return [
      (
        1701,
        .stepStarted(
          outer, StepSummary(kind: .play, title: "upload", subject: "lib/store-file.yaml"))
      ),
      (
        1702,
        .stepStarted(
          inner, StepSummary(kind: .call, title: "exchange", subject: "data-token.exchange"))
      ),
      (
        1703,
        .requestIntended(
          inner,
          RequestIntent(
            attempt: 1, operation: "data-token.exchange", method: "POST",
            path: "/data-token/exchange",
            arguments: ["key": .secret(text: PlantedSecrets.privateKey), "size": 12]))
      ),
      (
        1710,
        .requestAnswered(
          inner,
          RequestAnswer(
            attempt: 1, status: 202, commandID: "3f2a1b9c-0002",
            body: ["token": .secret(text: PlantedSecrets.token)]))
      ),
      (
        1720,
        .commandSettled(
          inner,
          CommandVerdict(
            commandID: "3f2a1b9c-0002", state: .rejected, means: .socket,
            body: ["reason": .secret(text: PlantedSecrets.reason)]))
      ),
      (1721, .stepFinished(inner, StepResult(outcome: .failed, failure: refusal))),
      (
        1722,
        .stepStarted(
          rescue, StepSummary(kind: .call, title: "tidy", subject: "data-token.remove"))
      ),
      (
        1723,
        .commandSettled(
          rescue,
          CommandVerdict(
            commandID: "3f2a1b9c-0003", state: .unknown("melted"), means: .poll, body: nil))
      ),
      (1724, .stepFinished(rescue, StepResult(outcome: .inDoubt))),
      (1725, .stepStarted(always, StepSummary(kind: .local, title: "close"))),
      (1726, .stepFinished(always, StepResult(outcome: .tolerated))),
      (1727, .stepFinished(outer, StepResult(outcome: .failed, failure: refusal))),
    ]
  }()

  static let ending: Part = [
    (1728, .cancelRequested()),
    (1729, .sessionChanged(username: "a@example.com", .closed)),
    (
      1730,
      .runFinished(
        RunResult(
          outcome: .failed,
          outputs: [
            "token": .secret(text: PlantedSecrets.token), "device": "d-1",
            "note": "clear\u{7}\u{1B}]0;title\u{7}",
          ],
          failure: refusal, failedStep: path(.step("upload"), .step("exchange"))))
    ),
  ]
}
