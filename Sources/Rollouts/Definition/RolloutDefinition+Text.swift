import Events
import Expressions
import Notifications
import OrderedCollections
import Planning
import Playbooks
import Schedules
import Tenants

/// The definition as a rollout file.
extension RolloutDefinition {
  /// A rollout file that says the same: YAML with every key that has another value than its default.
  ///
  /// Reading it gives this definition again, but for the locations; paths in it stay as written, so it is
  /// read as if it were in the folder of `file`.
  package var text: String {
    let value = Value.map(fields)
    let lines = YAMLWriter.lines(of: value) ?? [JSON.text(value)]
    return lines.map { $0 + "\n" }.joined()
  }

  private var fields: ValueMap {
    var fields = ValueMap()
    fields[.rollout] = .int(Int64(PlaybookReader.languageVersion))
    fields[.name] = .string(name).escaped
    fields[.summary] = summary.map { .string($0).escaped }
    fields[.playbook] = .string(playbook.value).escaped
    fields[.tenants] = tenants.written
    if !inputs.isEmpty { fields[.inputs] = .map(writtenInputs) }
    fields[.environment] = environment.map { .string($0.value).escaped }
    fields[.only] = selection.only?.written
    fields[.exclude] = selection.exclude?.written
    if mode != .apply { fields[.mode] = .string(mode.rawValue) }
    if order != .file { fields[.order] = .string(order.text) }
    addLimits(to: &fields)
    if locks != .tenant { fields[.lock] = .list(locks.keys.map { .string($0.written) }) }
    if !labels.isEmpty {
      var map = ValueMap()
      for label in labels { map[label.name] = .string(label.value).escaped }
      fields[.labels] = .map(map)
    }
    fields[.outputs] = outputs.map { .string($0.value).escaped }
    if !allowedCommands.isEmpty {
      var map = ValueMap()
      for (name, command) in allowedCommands {
        map[name] = .list(command.map { .string($0).escaped })
      }
      fields[.allowCommands] = .map(map)
    }
    fields[.schedule] = schedule.map { schedule in
      var map = schedule.value
      map[RolloutKey.notify.rawValue] = Self.written(scheduleNotify)
      return .map(map)
    }
    fields[.notify] = Self.written(notify)
    return fields
  }

  private static func written(_ targets: [NotifyTarget]) -> Value? {
    guard !targets.isEmpty else { return Optional.none }
    return Value.list(targets.map(\.value)).escaped
  }

  private func addLimits(to fields: inout ValueMap) {
    if bounds.concurrency != RolloutLimits.defaultConcurrency {
      fields[.concurrency] = .int(Int64(bounds.concurrency))
    }
    if !bounds.ramp.isEmpty { fields[.ramp] = .list(bounds.ramp.map(\.written)) }
    fields[.bake] = bounds.bake.map { .string(DurationText.text($0)) }
    fields[.gate] = bounds.gate.map { .string($0.text) }
    fields[.pace] = bounds.pace.map { .double($0) }
    fields[.maxFailures] = bounds.maxFailures.map(\.written)
    fields[.votesAtOnce] = bounds.votesAtOnce.map { .int(Int64($0)) }
    if bounds.onStop != .finish { fields[.onStop] = .string(bounds.onStop.rawValue) }
    if let retry = bounds.retry {
      fields[.retry] = [
        "attempts": .int(Int64(retry.attempts)),
        "backoff": .string(DurationText.text(retry.backoff)),
      ]
    }
    fields[.deadline] = bounds.deadline.map { .string(DurationText.text($0)) }
  }

  private var writtenInputs: ValueMap {
    var map = ValueMap()
    for input in inputs {
      switch input.source {
      case .commandLine(let text), .line(let text, _): map[input.name] = .string(text).escaped
      case .file(let node): map[input.name] = node.value.escaped
      case .cell(let cell): map[input.name] = TenantCell(input.name, cell).value.escaped
      }
    }
    return map
  }
}

extension RolloutDefinition: CustomStringConvertible {
  /// The rollout file that says the same.
  package var description: String { text }
}

extension ValueMap {
  fileprivate subscript(key: RolloutKey) -> Value? {
    get { self[key.rawValue] }
    set { self[key.rawValue] = newValue }
  }
}

extension TenantsFile {
  fileprivate var written: Value {
    guard format != nil || separator != nil else { return .string(path.value).escaped }
    var map = ValueMap()
    map["file"] = .string(path.value).escaped
    map["format"] = format.map { .string($0.rawValue) }
    map["separator"] = separator.map { .string($0.name) }
    return .map(map)
  }
}

extension TenantPattern {
  fileprivate var written: Value {
    let names = Value.list(self.names.map { .string($0.value.text).escaped })
    guard !labels.isEmpty || when != nil else { return names }
    var map = ValueMap()
    if !self.names.isEmpty { map["names"] = names }
    if !labels.isEmpty {
      var globs = ValueMap()
      for (name, glob) in labels { globs[name] = .string(glob.text).escaped }
      map["labels"] = .map(globs)
    }
    map["when"] = when.map { template in
      if case .literal(let value, _, _) = template { value } else { .string(template.written) }
    }
    return .map(map)
  }
}

extension TenantAmount {
  fileprivate var written: Value {
    switch self {
    case .count(let count): .int(Int64(count))
    case .percent(let percent): .string(percent.description)
    }
  }
}

extension Template {
  /// A text as a file writes it, its expressions between their marks.
  fileprivate var written: String {
    switch self {
    case .literal(let value, _, _): value.displayText.escaped
    case .expression(let expression): expression.marked
    case .text(let parts, _):
      parts.map { part in
        switch part {
        case .literal(let text): text.escaped
        case .expression(let expression): expression.marked
        }
      }.joined()
    case .list, .map: ""
    }
  }
}

extension Value {
  /// The value with each `${{` of its strings as `$${{`, so that it holds no expression.
  fileprivate var escaped: Value {
    switch self {
    case .string(let text): return .string(text.escaped)
    case .list(let elements): return .list(elements.map(\.escaped))
    case .map(let map):
      var result = ValueMap()
      for name in map.names { result[name.escaped] = map[name]?.escaped }
      return .map(result)
    case .null, .bool, .int, .uint, .double, .bytes, .timestamp, .duration, .type, .secret,
      .unknown:
      return self
    }
  }
}

extension String {
  fileprivate var escaped: String {
    contains("${{") ? replacing("${{", with: "$${{") : self
  }
}
