import Events
import Expressions
import Files
import Machine
import Operations

/// What actions would do, as far as that can be known before the run.
extension LocalActions {
  /// What a file that is read waits for: its path is not known yet, or an earlier step of the plan would
  /// write it; nil when it can be read now, as in every run.
  func awaited(file value: Value?) throws(LocalFailure) -> Unknown? {
    guard dryRun != nil, let value else { return nil }
    if let unknown = value.unknown ?? value[field: "path"]?.unknown { return unknown }
    return try LocalFile.path(of: value).flatMap { path throws(LocalFailure) in
      try planned(path)
    }
  }

  /// What the file at `path` waits for, when an earlier step of the plan would write it.
  func planned(_ path: String) throws(LocalFailure) -> Unknown? {
    guard let dryRun, !path.isEmpty else { return nil }
    return try dryRun.files[files.absolute(path)] ?? dryRun.files[path]
  }

  /// What a write to `path` does, or would do; `isSame` says whether the file there holds the same.
  func change(
    writing path: String, _ protection: FileProtection,
    _ isSame: (ReplacedFile) throws(LocalFailure) -> Bool
  ) throws(LocalFailure) -> StateChange {
    let replaced = try files.replaced(path, protection)
    if try planned(path) != nil { return StateChange(rewriting: path) }
    return StateChange(
      writing: path, over: replaced, isSame: try replaced.map(isSame) ?? false)
  }

  /// The same of content that waits for `unknown`.
  func change(
    writing path: String, _ protection: FileProtection, waitingFor unknown: Unknown
  ) throws(LocalFailure) -> StateChange {
    let change = try change(writing: path, protection) { _ in true }
    return change.kind == .create ? change : StateChange(waitingFor: unknown)
  }

  /// What `file.write` would do when an argument is not known yet; nil when both are.
  func foreseenWrite(
    _ arguments: ValueMap, _ dryRun: DryRun
  ) throws(LocalFailure) -> LocalResult? {
    let (path, data) = (arguments["path"], arguments["data"])
    guard let unknown = Unknown(joining: [path?.unknown, data?.unknown].compactMap(\.self)) else {
      return nil
    }
    let size = data?.unknown.map(Value.unknown) ?? .int(Int64(data?.payload?.count ?? 0))
    guard let path = path?.text else {
      return LocalResult(
        ["path": .unknown(unknown), "size": size], change: StateChange(waitingFor: unknown))
    }
    var result = LocalResult(
      ["path": .string(path), "size": size],
      change: try change(writing: path, .shared, waitingFor: unknown))
    try dryRun.plan(path, as: "path", in: &result, files)
    return result
  }
}

/// Payloads of which not everything is known.
extension LocalActions {
  /// What the arguments of a payload wait for, when something of them is not known yet.
  struct AwaitedPayload {
    /// The key, or what is encrypted or decrypted.
    var content: Unknown?
    /// Only what is encrypted or decrypted.
    var payload: Unknown?
    var target: Unknown?
  }

  /// Nil when all is known, as in every run.
  func awaited(_ arguments: ValueMap) throws(LocalFailure) -> AwaitedPayload? {
    guard dryRun != nil else { return nil }
    let file = try awaited(file: arguments["file"])
    let payload = arguments["data"]?.unknown ?? file
    let key = arguments["key"]?.unknown
    if key == nil { _ = try Self.dataKey(arguments["key"]) }
    let target = arguments["to"].flatMap { $0.unknown ?? $0[field: "path"]?.unknown }
    let content = Unknown(joining: [payload, key].compactMap(\.self))
    guard content != nil || target != nil else { return nil }
    return AwaitedPayload(content: content, payload: payload, target: target)
  }

  /// What `data.encrypt` would do.
  func foreseenEncryption(
    _ arguments: ValueMap, _ awaited: AwaitedPayload, _ dryRun: DryRun
  ) throws(LocalFailure) -> LocalResult {
    let count = awaited.payload == nil ? try plaintextFile(arguments).file.size : nil
    let size = Self.size(count, awaited.payload)
    guard Self.writesFile(arguments) else {
      return LocalResult(["data": .unknown(dryRun.unknown("data")), "size": size])
    }
    let sealed = Self.size(count.map { $0 + Envelope.overhead }, awaited.payload)
    return try foreseenFile(arguments, .owned, of: sealed, ["size": size], awaited)
  }

  /// What `data.decrypt` would do.
  func foreseenDecryption(
    _ arguments: ValueMap, _ awaited: AwaitedPayload
  ) throws(LocalFailure) -> LocalResult {
    let size = Self.size(nil, awaited.content ?? awaited.target)
    guard Self.writesFile(arguments) else {
      return LocalResult(["data": size, "text": size, "size": size])
    }
    return try foreseenFile(arguments, .secret, of: size, ["size": size], awaited)
  }

  /// The result of an action that writes a file of which not everything is known.
  private func foreseenFile(
    _ arguments: ValueMap, _ protection: FileProtection, of size: Value, _ fields: ValueMap,
    _ awaited: AwaitedPayload
  ) throws(LocalFailure) -> LocalResult {
    var result = LocalResult(fields)
    if let target = awaited.target {
      result.fields["file"] = .unknown(target)
      result.change = StateChange(waitingFor: target)
      return result
    }
    guard let target = try target(arguments), let content = awaited.content else { return result }
    result.fields["file"] = LocalFile.value(path: target, size: size)
    result.change = try change(writing: target, protection, waitingFor: content)
    return try planned(result, at: target)
  }

  private static func size(_ count: Int?, _ unknown: Unknown?) -> Value {
    count.map { .int(Int64($0)) } ?? unknown.map(Value.unknown) ?? .null
  }

  /// `result` of an action that wrote the file at `target`, or would write it.
  func planned(_ result: LocalResult, at target: String) throws(LocalFailure) -> LocalResult {
    guard let dryRun else { return result }
    var result = result
    if try planned(target) != nil { result.change = StateChange(rewriting: target) }
    guard result.change?.kind != .unchanged else { return result }
    try dryRun.plan(target, as: "file", in: &result, files)
    return result
  }

  private static func writesFile(_ arguments: ValueMap) -> Bool {
    arguments["to"].map { $0.revealed != .null } ?? false
  }
}

extension DryRun {
  /// Adds to `result` that the file at `path` would be written; `field` of the result names it.
  func plan(
    _ path: String, as field: String, in result: inout LocalResult, _ files: LocalFiles
  ) throws(LocalFailure) {
    result.plannedFiles.add(try files.absolute(path), from: unknown(field))
  }
}

extension LocalResult {
  /// A result whose `fields` all wait for `unknown`.
  init(_ unknown: Unknown, in fields: [String]) {
    var values = ValueMap()
    for field in fields { values[field] = .unknown(unknown) }
    self.init(values)
  }
}

extension StateChange {
  /// What a write does that depends on what is not known yet.
  init(waitingFor unknown: Unknown) {
    self.init(.unknown, reason: "it depends on \(unknown.phrase)", isLocal: true)
  }

  /// What a write does to a file that an earlier step of the plan would write, too.
  fileprivate init(rewriting path: String) {
    self.init(.unknown, reason: "an earlier step writes `\(path)`", isLocal: true)
  }
}
