import Expressions
import Operations
import OrderedCollections
import Playbooks

/// A step of a scaffold.
struct StepDraft {
  let callable: Callable
  /// What the call is ensured to be, or nil.
  let state: Ensurance.State?
  /// The name of the step in expressions; nil for a step to which nothing refers.
  let id: String?
  /// By the field, the expression that gives it.
  var arguments: OrderedDictionary<String, String> = [:]
  /// The fields that need not be given.
  var optional: OrderedDictionary<String, Field> = [:]
  /// The condition of the step, or nil.
  var condition: String?
  /// A sentence above the step.
  var comment: String?
  /// Whether the playbook has a session.
  var hasSession = false
  /// Whether it is the first step that is ensured so, which a comment explains.
  var explainsEnsuring = false
  /// Whether a later step uses what this one returns.
  var isUsed = false

  init(_ callable: Callable, state: Ensurance.State?, id: String?) {
    self.callable = callable
    self.state = state
    self.id = id
  }

  /// The expression of a field of the result; an optional one is null where there is no result.
  func expression(of field: String, isOptional: Bool = false) -> String {
    "steps.\(id ?? "").\(isOptional ? "?" : "")\(field)"
  }

  /// Whether the step changed something.
  var changedExpression: String { "steps.\(id ?? "").changed" }

  /// Whether the result may be an empty map, as that of a skipped step.
  var mayBeEmpty: Bool { condition != nil }

  /// The fields of the result that a caller may want: no secrets, and no ids of commands and requests.
  var offeredFields: [String] {
    guard id != nil, state != .absent else { return [] }
    let gives = callable.operation?.lookup?.evidence.gives.keys
    let found = state == nil ? [] : (gives.map { Array($0) } ?? [])
    let returned = state == nil ? callable.answer.filter { !$0.value.isSensitive }.keys : []
    let passing: Set<String> = ["commandId", "requestId"]
    return OrderedSet(Array(returned) + found).filter { name in
      !passing.contains(name) && PlaybookName.identifier(name) == name
    }
  }

  /// The documented refusals with which an ensured call does not deal by itself.
  private var refusals: [String] { state == nil ? callable.operation?.refusals ?? [] : [] }

  private var needsID: Bool { isUsed || !offeredFields.isEmpty }
}

/// As YAML.
extension StepDraft {
  /// The lines of the step in the list of steps.
  var lines: [String] {
    var lines: [String] = comment.map { AuthoredText.comment($0, indentedBy: 2) } ?? []
    let comments = lines.count
    if needsID, let id { lines.append("id: \(id)") }
    lines.append("name: \(AuthoredText.name(callable.title))")
    if let condition { lines.append("when: \(condition)") }
    lines.append("call: \(callable.id)")
    lines += argumentLines
    if hasSession, !callable.usesSession, callable.operation != nil {
      lines.append("session: none")
    }
    if let state {
      if explainsEnsuring { lines.append(Self.explanation(of: state)) }
      lines.append("ensure: \(state.rawValue)")
    }
    lines += refusalLines
    return lines.enumerated().map { index, line in
      let mark = index < comments || index > comments ? "    " : "  - "
      return (index < comments ? "  " : mark) + line
    }
  }

  private var argumentLines: [String] {
    var lines: [String] = []
    if !arguments.isEmpty {
      lines.append("with:")
      lines += arguments.map { "  \(YAMLWriter.scalar($0.key)): ${{ \($0.value) }}" }
    }
    guard !optional.isEmpty else { return lines }
    lines.append(arguments.isEmpty ? "# Fields that may be given under `with`:" : "  # Optional:")
    let margin = arguments.isEmpty ? "" : "  "
    for (name, field) in optional {
      lines += AuthoredText.comment(
        Self.note(on: field, named: name), behind: "# - ", indentedBy: 6
      ).map { margin + $0 }
    }
    return lines
  }

  /// What an author should know of a field that is left out.
  private static func note(on field: Field, named name: String) -> String {
    let type = "\(field.isSensitive ? "secret " : "")\(field.type.name)"
    let byDefault = field.defaultText.map { ", default \($0)" } ?? ""
    return "\(name) (\(type)\(byDefault))" + (field.summary.isEmpty ? "" : ": \(field.summary)")
  }

  private static func explanation(of state: Ensurance.State) -> String {
    switch state {
    case .present: "# Reads first, and changes only what differs."
    case .absent: "# Reads first, and leaves alone what is gone already."
    }
  }

  private var refusalLines: [String] {
    guard !refusals.isEmpty else { return [] }
    return AuthoredText.comment(
      "The run fails where it is refused, unless `tolerate` or `rescue` says otherwise: "
        + refusals.joined(separator: ", ") + ".", indentedBy: 4)
  }
}

extension InputDraft {
  /// How the input is given on a command line, as an example.
  func example(for name: String) -> String {
    switch schema.type {
    case .secret: "\(name)=env:\(Self.variable(name))"
    case .file: "\(name)=PATH"
    case .integer, .number: "\(name)=NUMBER"
    case .boolean: "\(name)=true"
    case .list: "'\(name)=[…]'"
    case .map, .record: "'\(name)={…}'"
    case .string, .bytes, .any:
      name == "username"
        ? "username=alice@example.com" : "\(name)=\(schema.allowed.first?.displayText ?? "…")"
    }
  }

  /// Such as `NEW_PASSWORD` for `newPassword`.
  private static func variable(_ name: String) -> String {
    var variable = ""
    for character in name {
      if character.isUppercase, !variable.isEmpty { variable += "_" }
      variable += character.uppercased()
    }
    return variable
  }
}
