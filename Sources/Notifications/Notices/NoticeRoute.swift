import Planning
import Playbooks

/// Where a notification goes: an entry of `notify` with all that is needed to deliver it later.
package struct NoticeRoute: Sendable, Hashable {
  /// How it is delivered.
  package var destination: NoticeDestination
  /// Of which topics.
  package var topics: Set<NotifyTarget.Topic>

  /// Notifications of `topics` that go to `destination`.
  package init(_ destination: NoticeDestination, topics: Set<NotifyTarget.Topic>) {
    self.destination = destination
    self.topics = topics
  }

  /// The first of `topics` that is notified of on this route.
  func first(of topics: [NotifyTarget.Topic]) -> NotifyTarget.Topic? {
    topics.first(where: self.topics.contains)
  }
}

/// How a notification is delivered, whatever files and folders are by then.
package enum NoticeDestination: Sendable, Hashable {
  /// A POST to the address, signed with the secret that the reference names; the path of a file is from the
  /// root.
  case post(String, secret: String?)
  /// A program and its arguments, which a rollout file calls by that name.
  case command(String, words: [String])

  /// What may be shown of it: an address may hold a token.
  package var name: String {
    switch self {
    case .post(let address, _): (try? PostAddress(address).origin) ?? "an address"
    case .command(let name, _): "the command `\(name)`"
    }
  }
}

extension [NotifyTarget] {
  /// The routes of these targets, equal ones as one.
  ///
  /// `commands` is what `allow-commands` says, and `{name}` in it stands for `name`. `absolute` makes the
  /// path of a secret's file, which is relative to the folder of the rollout file, one from the root.
  package func routes(
    commands: [String: [String]], name: String, absolute: (String) -> String
  ) -> [NoticeRoute] {
    reduce(into: []) { routes, target in
      let destination: NoticeDestination
      switch target.delivery {
      case .post(let address, let secret):
        let reference = secret.map { secret in
          let path = secret.value.dropFirst("file:".count)
          return secret.value.hasPrefix("file:") ? "file:\(absolute(String(path)))" : secret.value
        }
        destination = .post(address.value, secret: reference)
      case .command(let command):
        let words = commands[command.value, default: []].map { $0.replacing("{name}", with: name) }
        destination = .command(command.value, words: words)
      }
      if let index = routes.firstIndex(where: { $0.destination == destination }) {
        routes[index].topics.formUnion(target.topics)
      } else {
        routes.append(NoticeRoute(destination, topics: target.topics))
      }
    }
  }
}
