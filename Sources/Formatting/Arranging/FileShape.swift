import Playbooks

/// What a part of a file is, as far as the order of its keys depends on it.
enum FileShape: Sendable, Hashable, CaseIterable {
  /// Data of the writer, whose order may mean something.
  case data
  case playbook
  case declarations, declaration, elementType
  case session
  case steps, step, branches
  case retry
  case wait
  case approve
  case conditions
  case pages
  case rollout
  case tenants, selection
  case schedule
  case notices, notice
  case environmentsFile, environments, environment

  /// The keys of such a map, in the order in which they are written; nil where the writer names them.
  ///
  /// Those of a step depend on its kind: see `StepOrder`.
  var keys: [String]? {
    switch self {
    case .data, .declarations, .branches, .environments, .steps, .notices: nil
    case .step: StepOrder.leaf
    case .playbook:
      [
        "playbook", "name", "summary", "labels", "inputs", "let", "session", "undo-on", "steps",
        "outputs",
      ]
    case .declaration:
      ["type", "of", "fields", "pattern", "enum", "default", "new", "summary"]
    case .elementType: ["type", "of", "fields"]
    case .session:
      ["username", "password", "access-token", "refresh-token", "expires-at", "revoke"]
    case .retry: ["attempts", "backoff", "max-backoff", "on"]
    case .wait: ["until", "call", "with", "every"]
    case .approve: ["message", "fields"]
    case .conditions: ["that", "message"]
    case .pages: ["call", "with", "items", "next", "timeout", "retry"]
    case .rollout:
      [
        "rollout", "name", "summary", "mode", "playbook", "tenants", "environment", "schedule",
        "inputs", "only", "exclude", "order", "concurrency", "ramp", "bake", "gate", "pace",
        "votes-at-once", "max-failures", "on-stop", "retry", "lock", "deadline", "labels",
        "outputs", "allow-commands", "notify",
      ]
    case .tenants: ["file", "format", "separator"]
    case .selection: ["names", "labels", "when"]
    case .schedule:
      [
        "cron", "every", "at", "timezone", "from", "until", "window", "catch-up", "overlap",
        "jitter", "pause-on-failure", "notify",
      ]
    case .notice: ["post", "secret", "command", "on"]
    case .environmentsFile: ["privirun", "default", "environments"]
    case .environment:
      [
        "summary", "api-url", "ws-url", "upstream-url", "downstream-url", "ca-file",
        "client-certificate", "client-key", "trace-context", "journal", "inputs", "labels",
        "protected",
      ]
    }
  }

  /// The shape of the elements of a list that is written here.
  var element: FileShape {
    switch self {
    case .steps: .step
    case .notices: .notice
    // One or a list of them.
    case .conditions: .conditions
    case .data, .playbook, .declarations, .declaration, .elementType, .session, .step, .branches,
      .retry, .wait, .approve, .pages, .rollout, .tenants, .selection, .schedule, .notice,
      .environmentsFile, .environments, .environment:
      .data
    }
  }

  /// The shape of the value under `key`.
  func value(of key: String) -> FileShape {
    switch self {
    case .declarations: .declaration
    case .branches: .steps
    case .environments: .environment
    case .declaration, .elementType, .approve: Self.types[key] ?? .data
    case .playbook: Self.playbookParts[key] ?? .data
    case .step: Self.stepParts[key] ?? .data
    case .rollout: Self.rolloutParts[key] ?? .data
    case .schedule: key == "notify" ? .notices : .data
    case .environmentsFile: key == "environments" ? .environments : .data
    case .pages: key == "retry" ? .retry : .data
    case .data, .session, .steps, .retry, .wait, .conditions, .tenants, .selection, .notices,
      .notice, .environment:
      .data
    }
  }

  private static let types: [String: FileShape] = ["of": .elementType, "fields": .declarations]
  private static let playbookParts: [String: FileShape] = [
    "inputs": .declarations, "session": .session, "steps": .steps,
  ]
  private static let stepParts: [String: FileShape] = [
    "for-each": .pages, "parallel": .branches, "assert": .conditions, "wait": .wait,
    "approve": .approve, "steps": .steps, "retry": .retry, "session": .session,
    "expect": .conditions, "undo": .steps, "rescue": .steps, "always": .steps,
  ]
  private static let rolloutParts: [String: FileShape] = [
    "tenants": .tenants, "only": .selection, "exclude": .selection, "schedule": .schedule,
    "retry": .retry, "notify": .notices,
  ]
}

extension FileShape {
  /// The shape of the file with this document, by the version that begins it.
  init(of root: LayoutNode) {
    guard case .map(let entries) = root.content else {
      self = .data
      return
    }
    func hasVersion(_ key: String) -> Bool {
      entries.contains { entry in
        guard entry.keyText == key, case .scalar(let scalar) = entry.value.content else {
          return false
        }
        return scalar.style == .plain && !scalar.text.isEmpty
          && scalar.text.utf8.allSatisfy { (0x30...0x39).contains($0) }
      }
    }
    if hasVersion("rollout") {
      self = .rollout
    } else if hasVersion("playbook") {
      self = .playbook
    } else if hasVersion("privirun") {
      self = .environmentsFile
    } else {
      self = .data
    }
  }
}
