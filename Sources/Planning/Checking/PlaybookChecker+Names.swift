import Diagnostics
import Expressions
import OrderedCollections
import Playbooks

/// Names: those that mean nothing, and those that were meant.
extension PlaybookChecker {
  /// Reports every step and input that there is none of, and notes the inputs that are used.
  mutating func checkNames(in template: Template, _ scope: NameScope) {
    for reference in template.expressions.flatMap(\.references) {
      facts.uses.add(reference.variable, field: reference.path.first)
      facts.undoUses?.add(reference.variable, field: reference.path.first)
      if let definition = scope.definitions[reference.variable] {
        facts.usedLocals.insert(definition)
      } else if let late = facts.lateLocals[reference.variable] {
        facts.usedLocals.insert(late.location)
      }
      switch reference.variable {
      case "steps":
        checkStep(reference, in: scope)
        checkTolerated(reference.path, at: reference.location, in: template, scope)
      case "inputs": checkInput(reference, in: scope)
      case let name:
        if let step = scope.aliases[name] {
          checkTolerated([step] + reference.path, at: reference.location, in: template, scope)
        }
        noteInput(meantBy: name, in: scope)
      }
    }
  }

  private mutating func checkStep(_ reference: Expression.Reference, in scope: NameScope) {
    guard let id = reference.path.first else { return }
    let results = facts.results
    switch results.use(of: id, at: reference.location, in: scope) {
    case .refused: return
    case .known(let result):
      guard hasMisplacedField(reference, result), let inner = innerStep(of: reference) else {
        return
      }
      report(
        .unknownField, "the step `\(id)` has no field `\(reference.path[1])`",
        at: reference.location, hint: "write `steps.\(inner)`: a step in a group keeps its own id",
        related: results.place(of: inner).map { [RelatedLocation("the step is here", at: $0)] }
          ?? [])
    case .unknown:
      guard !facts.unread.words.contains(id) else { return }
      report(
        .unknownStep, "there is no step `\(id)`", at: reference.nameLocation,
        hint: didYouMean(id, among: results.knownSteps)
          ?? "give the step an `id` to use its result",
        fix: reference.spellingFix(id, among: results.knownSteps))
    }
  }

  /// Warns where a result is used of a step that may have none, as its refusal is tolerated, and neither the
  /// template nor a `when` around it asks about that.
  private mutating func checkTolerated(
    _ path: [String], at location: SourceLocation, in template: Template, _ scope: NameScope
  ) {
    guard path.count > 1, facts.tolerating.contains(path[0]),
      !InferredValue.attributes.contains(path[1]), !scope.examined.contains(path[0])
    else { return }
    let (id, field) = (path[0], path[1])
    let asks = template.expressions.flatMap(\.references).contains { reference in
      reference.variable == "steps"
        ? reference.path == [id, InferredValue.outcome]
        : scope.stepsUsed[reference.variable]?.contains(id) == true
          && scope.aliases[reference.variable] == nil
    }
    let isOptional = template.expressions.contains { expression in
      (["steps.\(id)"] + scope.aliases.filter { $0.value == id }.keys).contains { name in
        ["has(\(name).", "\(name).?"].contains { expression.source.contains($0) }
      } || expression.source.contains("steps.?\(id)")
    }
    guard !asks, !isOptional else { return }
    report(
      .toleratedResult,
      "the step `\(id)` has no `\(field)` when it was refused, which is tolerated",
      at: location,
      hint: "ask first: `has(steps.\(id).\(field))`, or `when: steps.\(id).outcome != 'tolerated'`",
      severity: .warning)
  }

  /// Whether the step that is used is a group, and one inside it is meant.
  func hasMisplacedField(_ reference: Expression.Reference, _ result: InferredValue) -> Bool {
    guard case .object(let fields) = result.type, fields.values.allSatisfy(\.isAttribute),
      reference.path.count > 1, fields[reference.path[1]] == nil
    else { return false }
    return innerStep(of: reference) != nil
  }

  private func innerStep(of reference: Expression.Reference) -> String? {
    reference.path.dropFirst().first { facts.results.isKnown($0) }
  }

  private mutating func checkInput(_ reference: Expression.Reference, in scope: NameScope) {
    let inputs = Self.names(of: scope.names["inputs"])
    guard let name = reference.path.first else { return facts.usedInputs.formUnion(inputs) }
    guard !inputs.contains(name) else {
      facts.usedInputs.insert(name)
      return
    }
    if let meant = nearestName(to: name, among: inputs) { facts.usedInputs.insert(meant) }
    guard !facts.unread.words.contains(name) else { return }
    report(
      .unknownInput, "there is no input `\(name)`", at: reference.nameLocation,
      hint: didYouMean(name, among: inputs) ?? "declare it under `inputs`",
      fix: reference.spellingFix(name, among: inputs))
  }

  /// A name on its own that is no name here may mean an input.
  private mutating func noteInput(meantBy name: String, in scope: NameScope) {
    guard scope.names[name] == nil else { return }
    let inputs = Self.names(of: scope.names["inputs"])
    if inputs.contains(name) { facts.usedInputs.insert(name) }
  }

  private static func names(of inferred: InferredValue?) -> OrderedSet<String> {
    guard case .object(let fields) = inferred?.type else { return [] }
    return fields.keys
  }

  // MARK: Unknown names

  /// The diagnostics about a template, those about unknown names with what was meant.
  func explained(
    _ diagnostics: [Diagnostic], of template: Template, in scope: NameScope
  ) -> [Diagnostic] {
    let diagnostics = diagnostics.map {
      aboutLoops(located($0, in: template), in: template, scope)
    }
    guard diagnostics.contains(where: { $0.code == .unknownName }) else { return diagnostics }
    var unknown: [SourceLocation: Expression.Reference] = [:]
    for reference in template.expressions.flatMap(\.references)
    where scope.names[reference.variable] == nil { unknown[reference.start] = reference }
    return diagnostics.compactMap { diagnostic in
      guard diagnostic.code == .unknownName, let place = diagnostic.location,
        let reference = unknown[place.start]
      else { return diagnostic }
      if let late = facts.lateLocals[reference.variable] {
        return Diagnostic(
          .unavailableName,
          "`\(reference.variable)` is known only after the step `\(late.step)`, which it needs",
          at: place, related: [RelatedLocation("it is named here", at: late.location)])
      }
      let isHidden = scope.hidesNames || facts.unread.words.contains(reference.variable)
      if isHidden, diagnostic.hint == nil { return nil }
      var diagnostic = diagnostic
      let other = hyphenated(reference, in: template) ?? meant(by: reference, in: scope)
      if other != nil { diagnostic.fix = nil }
      diagnostic.hint =
        other ?? diagnostic.hint
        ?? "an input is `inputs.\(reference.variable)`, a string `'\(reference.variable)'`"
      return diagnostic
    }
  }

  /// The diagnostic with the place of a step that must not be used here.
  private func located(_ diagnostic: Diagnostic, in template: Template) -> Diagnostic {
    guard diagnostic.code == .unavailableName, let place = diagnostic.location else {
      return diagnostic
    }
    let used = template.expressions.lazy.flatMap(\.references).first {
      $0.variable == "steps" && $0.location.covers(place)
    }
    guard let id = used?.path.first, let step = facts.results.place(of: id) else {
      return diagnostic
    }
    var diagnostic = diagnostic
    diagnostic.related = [RelatedLocation("the step is here", at: step)]
    return diagnostic
  }

  /// A hint when the name is the end of one with a hyphen, such as `steps.my-step`.
  private func hyphenated(_ reference: Expression.Reference, in template: Template) -> String? {
    // The search takes the square of a path's length: too long where nobody wrote the expression.
    let paths = template.expressions
      .filter { $0.source.utf8.count <= 1_000 && $0.source.utf8.contains(UInt8(ascii: "-")) }
      .flatMap { $0.source.matches(of: Self.hyphenatedPath) }
    for path in paths {
      let names = path.1.split(separator: "-").map(String.init)
      guard names.dropFirst().contains(reference.variable) else { continue }
      let whole = String(path.1)
      let owner = String(path.0.dropLast(whole.count + 1))
      guard owner == "steps" || owner == "inputs" else {
        return "`-` subtracts: write `\(owner)['\(whole)']`"
      }
      let name = names.joined(separator: "_")
      return "`-` subtracts: call it `\(name)` and write `\(owner).\(name)`"
    }
    return nil
  }

  private static var hyphenatedPath: Regex<(Substring, Substring)> {
    /[A-Za-z_][A-Za-z0-9_.]*\.([A-Za-z_][A-Za-z0-9_]*(?:-[A-Za-z_][A-Za-z0-9_]*)+)/
  }

  private func meant(by reference: Expression.Reference, in scope: NameScope) -> String? {
    let name = reference.variable
    if Self.names(of: scope.names["inputs"]).contains(name) { return "write `inputs.\(name)`" }
    if facts.results.isKnown(name) { return "write `steps.\(name)`" }
    if let root = Self.otherRoots[name.lowercased()] { return root }
    return nil
  }

  /// What people call things in the expressions of other tools.
  private static let otherRoots: [String: String] = [
    "input": "did you mean `inputs`?", "vars": "did you mean `inputs`?",
    "var": "did you mean `inputs`?", "params": "did you mean `inputs`?",
    "parameters": "did you mean `inputs`?", "variables": "did you mean `inputs`?",
    "step": "did you mean `steps`?", "tasks": "did you mean `steps`?",
    "jobs": "did you mean `steps`?", "outputs": "did you mean `steps`?",
    "env": "declare an input, and give it with `--input name=env:VARIABLE` if it is secret",
    "secrets": "declare an input of type secret, and use it as `inputs.…`",
    "result": "`answer` is known in `expect` and `until`; elsewhere use `steps.ID`",
    "response": "`answer` is known in `expect` and `until`; elsewhere use `steps.ID`",
    "answer": "`answer` is known in `expect` and `until`; elsewhere use `steps.ID`",
    "error": "`error` is known in `rescue` only",
    "none": "did you mean `null`?", "nil": "did you mean `null`?",
    "undefined": "did you mean `null`?", "true": "did you mean `true`?",
    "false": "did you mean `false`?",
    "item": "`item` is known in the steps of a `for-each` only",
  ]
}

extension Expression.Reference {
  /// Corrects the name behind the dot; elsewhere it may be in quotes, or be composed.
  fileprivate func spellingFix(_ name: String, among names: some Sequence<String>) -> Fix? {
    nameLocation == location
      ? nil : Diagnostics.spellingFix(name, among: names, at: nameLocation)
  }

  /// Where the first field stands, when the reference is written with dots; else the whole of it.
  fileprivate var nameLocation: SourceLocation {
    let dotted = ([variable] + path).joined(separator: ".")
    guard let name = path.first, location.length == dotted.unicodeScalars.count else {
      return location
    }
    return location.advanced(
      by: variable.unicodeScalars.count + 1, length: name.unicodeScalars.count)
  }

  fileprivate var start: SourceLocation { location.start }
}

extension SourceLocation {
  /// Whether `other` begins within the span.
  fileprivate func covers(_ other: SourceLocation) -> Bool {
    file == other.file && line == other.line
      && (column..<(column + length)).contains(other.column)
  }

  /// The same place, one column long.
  fileprivate var start: SourceLocation {
    SourceLocation(file: file, line: line, column: column)
  }
}
