import Events

/// What a row of `runs` says of a record besides the times and counts, as the record's events say it.
struct RunLine: Sendable, Hashable {
  /// Of a rollout, that of what it does with each tenant.
  var playbook: String
  var file: String
  var kind = RecordKind.run
  /// The name of a rollout.
  var name: String?
  /// The rollout that a run belongs to, and of which tenant it is.
  var rollout: String?
  var tenant: String?
  var index: Int?

  /// What a record that begins with `first` is listed as; nil for an event that is no beginning.
  init?(_ first: RunEvent.Kind) {
    switch first {
    case .runStarted(let start):
      playbook = start.playbook
      file = start.file
      rollout = start.tenant?.rollout.text
      tenant = start.tenant?.name
      index = start.tenant?.index
    case .rollout(.started(let start)):
      playbook = start.playbook
      file = start.file
      kind = .rollout
      name = start.name
    case _: return nil
    }
  }

  /// A line of these parts.
  init(
    playbook: String, file: String, kind: RecordKind, name: String?, rollout: String?,
    tenant: String?, index: Int?
  ) {
    self.playbook = playbook
    self.file = file
    self.kind = kind
    self.name = name
    self.rollout = rollout
    self.tenant = tenant
    self.index = index
  }
}

extension TenantState {
  /// The state of a tenant after the event `last` of its run; nil while the run has not ended.
  init?(after last: RunEvent.Kind) {
    guard case .runFinished(let result) = last else { return nil }
    self.init(result)
  }
}
