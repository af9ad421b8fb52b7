import Events
import Journaling
import Logging
package import Notifications
import Operations

/// Notifications.
extension DaemonReporter {
  /// Reports an attempt to deliver a notification.
  package func report(_ report: DeliveryReport) {
    metrics.attempted(NoticeAttempt(report.verdict))
    var fields: Logger.Metadata = ["notification": "\(report.notice.text)"]
    if let rollout = report.rollout { fields["schedule"] = "\(rollout)" }
    if let topic = report.topic { fields["topic"] = "\(topic.rawValue)" }
    fields["destination"] = "\(report.destination)"
    if let reason = report.reason { fields["reason"] = "\(reason)" }
    switch report.verdict {
    case .delivered: log.info("notification delivered", fields)
    case .again(let moment):
      fields["again"] = "\(moment.text)"
      log.warning("notification not delivered", fields)
    case .givenUp: log.error("notification given up", fields)
    }
  }

  /// Reports how many notifications wait for their delivery.
  package func reportNotices(pending count: Int) { metrics.setPendingNotices(count) }

  /// Reports that notifications could not be read.
  package func reportNotices(failed error: any Error) {
    log.warning("notifications cannot be read", ["reason": "\(error)"])
  }
}

extension NoticeAttempt {
  fileprivate init(_ verdict: DeliveryVerdict) {
    switch verdict {
    case .delivered: self = .delivered
    case .again: self = .failed
    case .givenUp: self = .givenUp
    }
  }
}
