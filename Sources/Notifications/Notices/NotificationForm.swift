package import Events
import Expressions
package import Operations

/// What the outbox keeps of a notification (`StoredNotice.form`): its body as it is delivered, and where it
/// goes.
package struct NotificationForm: Sendable, Hashable {
  /// Where it goes.
  package var destination: NoticeDestination
  /// What happened.
  package var topic: NotifyTarget.Topic
  /// When it was recorded; from then on its time runs.
  package var at: Moment
  /// The name of the rollout.
  package var rollout: String
  /// The JSON that is delivered.
  package var body: String

  /// The form of `notification` on its way to `destination`, where it is known as `id`.
  package init(_ notification: Notification, id: RunID, to destination: NoticeDestination) {
    self.destination = destination
    topic = notification.topic
    at = notification.at
    rollout = notification.rollout.name
    body = notification.body(id: id)
  }

  /// Forms of other versions are not read.
  private static let version = 1

  /// JSON.
  package var bytes: [UInt8] {
    let to: EncodedJSON =
      switch destination {
      case .post(let address, let secret):
        .object(["post": .text(address), "secret": secret.map(EncodedJSON.text)])
      case .command(let name, let words):
        .object(["command": .text(name), "words": .list(words.map { .text($0) })])
      }
    return Array(
      EncodedJSON.object([
        "version": .count(Self.version), "to": to, "topic": .text(topic.rawValue),
        "at": .integer(at.nanoseconds), "rollout": .text(rollout), "body": .text(body),
      ]).line.utf8)
  }

  /// Reads a form back; nil where it is none of this version.
  package init?(_ bytes: [UInt8]) {
    guard let value = try? JSON.parse(bytes), value[field: "version"] == .int(1),
      let to = value[field: "to"], let destination = NoticeDestination(to),
      let topic = value[field: "topic"]?.text.flatMap(NotifyTarget.Topic.init),
      case .int(let at)? = value[field: "at"], let rollout = value[field: "rollout"]?.text,
      let body = value[field: "body"]?.text
    else { return nil }
    self.destination = destination
    self.topic = topic
    self.at = Moment(nanoseconds: at)
    self.rollout = rollout
    self.body = body
  }
}

extension NoticeDestination {
  fileprivate init?(_ value: Value) {
    if let address = value[field: "post"]?.text {
      self = .post(address, secret: value[field: "secret"]?.text)
    } else if let name = value[field: "command"]?.text,
      case .list(let words)? = value[field: "words"]
    {
      self = .command(name, words: words.compactMap(\.text))
    } else {
      return nil
    }
  }
}

extension StoredNotice {
  /// `notification` on its way to `destination`; no process but the one that makes it attempts to deliver it
  /// before `due`.
  init(
    _ notification: Notification, id: RunID, to destination: NoticeDestination, due: Moment
  ) {
    let form = NotificationForm(notification, id: id, to: destination)
    self.init(id: id, form: form.bytes, due: due)
  }
}
