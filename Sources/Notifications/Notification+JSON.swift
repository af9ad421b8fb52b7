package import Events
import Operations
import OrderedCollections

/// The form that `schemas/notification.schema.json` describes.
extension Notification {
  /// The version of the form, which may only grow.
  package static let version = 1
  /// Longer texts are cut, so that every command can read the body from a pipe.
  static let longestText = 1000

  /// The body of the notification that its receivers know as `id`: one line of JSON.
  package func body(id: RunID) -> String {
    EncodedJSON.object([
      "version": .count(Self.version), "id": .text(id.text), "topic": .text(topic.rawValue),
      "at": .instant(at), "summary": Self.text(summary), "rollout": rollout.json,
      "schedule": schedule?.json, "waiting": wait?.json, "drift": drift?.json,
      "commands": suggested,
    ]).line
  }

  /// A text that somebody wrote, on one line.
  static func text(_ text: String) -> EncodedJSON {
    .text(SecretScrubber().line(text, limit: longestText))
  }

  /// The commands that go with the topic.
  private var suggested: EncodedJSON? {
    let named: [(String, String?)] =
      switch (topic, wait) {
      case (.finished, _): [("status", commands.status)]
      case (.failed, _): [("status", commands.status), ("retry", commands.retry)]
      case (.inDoubt, _): [("status", commands.status), ("doubts", commands.doubts)]
      case (.waiting, .decisions): [("status", commands.status), ("resume", commands.resume)]
      case (.waiting, .approval), (.waiting, nil):
        [("status", commands.status), ("approve", commands.approve)]
      case (.drift, _): [("plan", commands.plan)]
      case (.missed, _): [("history", commands.history)]
      }
    let members = named.compactMap { name, line in
      line.map { EncodedJSON.Member(name: name, value: .text($0)) }
    }
    return members.isEmpty ? nil : .object(members)
  }
}

extension NotifiedRollout {
  fileprivate var json: EncodedJSON {
    .object([
      "id": id.map { .text($0.text) }, "name": Notification.text(name),
      "file": Notification.text(file), "playbook": playbook.map(Notification.text),
      "mode": mode.map { .text($0.rawValue) }, "environment": environment.map(Notification.text),
      "outcome": outcome.map { .text($0.rawValue) },
      "counts": counts.map { counts in
        .object(TenantState.allCases.map { .init(name: $0.rawValue, value: .count(counts[$0])) })
      }, "stop": stop?.json,
    ])
  }
}

extension RolloutStop {
  fileprivate var json: EncodedJSON {
    switch self {
    case .failures(let count, let limit):
      .object(["reason": "failures", "count": .count(count), "limit": .count(limit)])
    case .stageFailed(let stage): .object(["reason": "stage-failed", "stage": .count(stage)])
    case .gateShut(let stage): .object(["reason": "gate-shut", "stage": .count(stage)])
    case .cancelled: .object(["reason": "cancelled"])
    case .deadline: .object(["reason": "deadline"])
    }
  }
}

extension NotifiedSchedule {
  fileprivate var json: EncodedJSON {
    .object([
      "name": Notification.text(name), "due": .instant(due),
      "through": through == due ? nil : .instant(through),
      "count": count == 1 ? nil : .count(count), "verdict": .text(verdict),
      "reason": reason.map(Notification.text),
    ])
  }
}

extension NotifiedWait {
  fileprivate var json: EncodedJSON {
    switch self {
    case .approval(let stage): .object(["stage": .count(stage)])
    case .decisions(let tenants): .object(["tenants": .count(tenants)])
    }
  }
}

extension NotifiedDrift {
  fileprivate var json: EncodedJSON {
    .object([
      "tenants": .count(tenants),
      "changes": .object([
        "added": .count(added), "changed": .count(changed), "removed": .count(removed),
      ]),
    ])
  }
}
