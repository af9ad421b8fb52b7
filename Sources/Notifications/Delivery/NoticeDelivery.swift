import Cryptography
import Diagnostics
package import Events
import Expressions
import Files
package import Operations

/// Delivers notifications: each at least once, and every attempt as the policy says.
package struct NoticeDelivery: Sendable {
  /// How long an attempt may take at most, with what is done around it: no other process attempts the same
  /// notification meanwhile.
  package static let hold: Duration = .seconds(60)
  /// How long a command may run, in seconds.
  private static let commandLimit = 30
  /// When a form that this program cannot read is looked at again.
  private static let unreadablePause: Duration = .seconds(3600)
  /// So often it is looked at.
  private static let unreadableLooks = 24

  private let outbox: NoticeOutbox
  private let courier: NoticeCourier
  private let policy: DeliveryPolicy
  let now: @Sendable () -> Moment
  let sleep: @Sendable (Duration) async throws -> Void
  private let random: @Sendable () -> Double
  private let log: @Sendable (DeliveryReport) -> Void

  /// A delivery from `outbox` by `courier`.
  ///
  /// `random` draws from 0 to 1. `log` receives each attempt, and must not wait.
  package init(
    from outbox: NoticeOutbox, by courier: NoticeCourier,
    policy: DeliveryPolicy = DeliveryPolicy(), now: @escaping @Sendable () -> Moment,
    sleep: @escaping @Sendable (Duration) async throws -> Void,
    random: @escaping @Sendable () -> Double, log: @escaping @Sendable (DeliveryReport) -> Void
  ) {
    self.outbox = outbox
    self.courier = courier
    self.policy = policy
    self.now = now
    self.sleep = sleep
    self.random = random
    self.log = log
  }

  /// The notifications that are due, taken out of the reach of other processes.
  func take(atMost limit: Int) async throws -> [StoredNotice] {
    try await outbox.take(now(), limit, Self.hold)
  }

  /// Attempts to deliver `notice` once, and records in the outbox what follows; `number` counts its attempts
  /// from 1.
  ///
  /// A notification that is attempted again is left to this process until `headStart` after that. Where the
  /// task is cancelled, nothing is recorded, and it stays as it was.
  package func attempt(
    _ notice: StoredNotice, number: Int, headStart: Duration = .zero
  ) async -> DeliveryVerdict {
    var report = DeliveryReport(
      notice: notice.id, destination: "its destination", attempt: number,
      verdict: number < Self.unreadableLooks
        ? .again(at: now() + Self.unreadablePause) : .givenUp,
      reason: notice.form.isEmpty
        ? "it is not authentic: it was not written with the journal's key"
        : "another version of privirun wrote it")
    if let form = NotificationForm(notice.form) {
      let outcome = await deliver(form, notice.id, number: number)
      guard outcome == .accepted || !Task.isCancelled else { return .again(at: notice.due) }
      report.topic = form.topic
      report.rollout = form.rollout
      report.destination = form.destination.name
      report.reason = outcome.reason
      report.verdict = policy.verdict(
        on: outcome, ofAttempt: number, recordedAt: form.at, at: now(), random: random())
    }
    do {
      switch report.verdict {
      case .delivered, .givenUp: try await outbox.remove(notice.id)
      case .again(let moment): try await outbox.delay(notice.id, moment + headStart)
      }
    } catch {
      // It is due again when its hold is over: delivered twice rather than never.
      report.reason =
        "\(report.reason.map { "\($0); " } ?? "")the journal was not written: \(error)"
    }
    log(report)
    return report.verdict
  }

  private func deliver(
    _ form: NotificationForm, _ id: RunID, number: Int
  ) async -> DeliveryOutcome {
    switch form.destination {
    case .post(let address, let secret): await post(form, id, to: address, secret)
    case .command(_, let words): await run(words, form, number: number)
    }
  }

  private func post(
    _ form: NotificationForm, _ id: RunID, to address: String, _ reference: String?
  ) async -> DeliveryOutcome {
    // The second that it is sent in, since receivers refuse what is old.
    let timestamp = String(now().calendarTime.secondsSinceEpoch)
    var headers = [
      HTTPField("Content-Type", "application/json"),
      HTTPField("Privirun-Notification-Id", id.text), HTTPField("Privirun-Timestamp", timestamp),
    ]
    if let reference {
      do {
        let secret = try await courier.secret(reference)
        let signature = try NoticeSignature.value(
          timestamp: timestamp, body: form.body, secret: secret)
        headers.append(HTTPField("Privirun-Signature", signature))
      } catch let error as InvalidInput {
        return .failed(reason: error.diagnostics.first?.message ?? "its secret cannot be read")
      } catch {
        return .failed(reason: "it cannot be signed: \(error)")
      }
    }
    let post = NoticePost(address: address, headers: headers, body: Array(form.body.utf8))
    switch await courier.post(post) {
    case .failure(let reason): return .failed(reason: reason)
    case .response(var response):
      response.receivedAt = now()
      return DeliveryOutcome(response)
    }
  }

  private func run(
    _ words: [String], _ form: NotificationForm, number: Int
  ) async -> DeliveryOutcome {
    let call = ProgramCall(
      words, input: Array(form.body.utf8), variables: form.variables(attempt: number),
      output: .discarded, seconds: Self.commandLimit)
    do throws(ProgramFlaw) {
      try await courier.run(call)
      return .accepted
    } catch {
      return .failed(reason: "it \(error.phrase)")
    }
  }
}

extension DeliveryOutcome {
  /// Why it was not accepted.
  fileprivate var reason: String? {
    switch self {
    case .accepted: nil
    case .refused(let reason), .failed(let reason, _): reason
    }
  }
}

extension NotificationForm {
  /// What a command finds in its environment: the plain facts of the body.
  fileprivate func variables(attempt: Int) -> [String: String] {
    let value = try? JSON.parse(Array(body.utf8))
    func text(_ names: String...) -> String {
      names.reduce(value) { $0?[field: $1] }?.text ?? ""
    }
    return [
      "ID": text("id"), "TOPIC": topic.rawValue, "AT": text("at"), "SUMMARY": text("summary"),
      "ROLLOUT": text("rollout", "id"), "NAME": text("rollout", "name"),
      "OUTCOME": text("rollout", "outcome"), "ENVIRONMENT": text("rollout", "environment"),
      "DUE": text("schedule", "due"), "ATTEMPT": String(attempt),
    ].reduce(into: [:]) { $0["PRIVIRUN_NOTIFICATION_\($1.key)"] = $1.value }
  }
}
