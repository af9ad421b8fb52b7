package import Events
import Operations

/// How one attempt to deliver a notification ended, as it is logged: without a secret, and without more of
/// an address than its origin.
package struct DeliveryReport: Sendable, Hashable {
  /// The notification.
  package var notice: RunID
  /// What happened; nil for a notification that cannot be read.
  package var topic: NotifyTarget.Topic?
  /// The name of the rollout; nil for a notification that cannot be read.
  package var rollout: String?
  /// `NoticeDestination.name`.
  package var destination: String
  /// The number of the attempt, from 1.
  package var attempt: Int
  /// What is done next.
  package var verdict: DeliveryVerdict
  /// Why it was not delivered; nil where it was.
  package var reason: String?

  /// The report of one attempt.
  package init(
    notice: RunID, topic: NotifyTarget.Topic? = nil, rollout: String? = nil, destination: String,
    attempt: Int, verdict: DeliveryVerdict, reason: String?
  ) {
    self.notice = notice
    self.topic = topic
    self.rollout = rollout
    self.destination = destination
    self.attempt = attempt
    self.verdict = verdict
    self.reason = reason
  }

  /// One sentence without a full stop.
  package var text: String {
    let what =
      topic.map { "the notification \(notice) (\($0.rawValue))" } ?? "the notification \(notice)"
    let about = rollout.map { " about `\($0)`" } ?? ""
    let because = reason.map { ": \($0)" } ?? ""
    return switch verdict {
    case .delivered: "\(what)\(about) was delivered to \(destination)"
    case .again(let moment):
      "\(what)\(about) was not delivered to \(destination)\(because); the next attempt is at \(moment.text)"
    case .givenUp: "\(what)\(about) is given up\(because)"
    }
  }
}
