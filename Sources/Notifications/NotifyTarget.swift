package import Playbooks

/// Where notifications of a rollout go, and which: an entry of `notify`.
package struct NotifyTarget: Sendable, Hashable {
  /// How a notification is delivered.
  package enum Delivery: Sendable, Hashable {
    /// An HTTP POST to the address, signed with a secret where one is named (`env:NAME`, `file:PATH`).
    case post(Located<String>, secret: Located<String>?)
    /// One of the commands in `allow-commands`.
    case command(Located<String>)
  }

  /// What a target is notified about.
  package enum Topic: String, Sendable, Hashable, CaseIterable {
    /// The rollout ended well.
    case finished
    /// The rollout ended, and not well.
    case failed
    /// The rollout ended in doubt.
    case inDoubt = "in-doubt"
    /// The rollout waits for a person's approval.
    case waiting
    /// A rollout with `mode: drift` found something.
    case drift
    /// A due instant has no rollout: missed, outside its window, or its rollout failed to start.
    case missed
  }

  /// How it is delivered.
  package var delivery: Delivery
  /// Of what; all topics unless the file names some.
  package var topics: Set<Topic>

  /// Notifications of `topics`.
  package init(_ delivery: Delivery, topics: Set<Topic> = Set(Topic.allCases)) {
    self.delivery = delivery
    self.topics = topics
  }
}
