extension Template {
  /// The values that made a condition false, such as ``` `inputs.days` is 20 ```; nil when there is
  /// nothing to add to the condition itself.
  ///
  /// Where one of them depends on a secret all of the comparison are masked: that two values are
  /// equal shows both. What is unknown is shown as such. Bounded in length.
  package func comparedValues(with bindings: Bindings) -> String? {
    guard case .expression(let expression) = self else { return nil }
    let evaluator = Evaluator(bindings, limits: EvaluationLimits())
    var comparison = Comparison(source: expression.source, evaluator: evaluator)
    comparison.explain(expression.root)
    guard !comparison.parts.isEmpty else { return nil }
    return comparison.parts.prefix(Comparison.partLimit).joined(separator: ", ")
  }
}

/// Goes down from a condition that is false to the comparisons that make it so.
private struct Comparison {
  static let partLimit = 6
  private static let sourceLimit = 80
  private static let valueLimit = 100

  private(set) var parts: [String] = []
  private let source: [Unicode.Scalar]
  private var evaluator: Evaluator

  init(source: String, evaluator: Evaluator) {
    self.source = Array(source.unicodeScalars)
    self.evaluator = evaluator
  }

  mutating func explain(_ node: SyntaxNode) {
    switch node.kind {
    case .logical(let logical, let operands): explain(operands, of: logical)
    case .unary(.not, let operand): explain(operand)
    case .binary(_, let left, let right): show([left, right])
    case .call(let call): show((call.receiver.map { [$0] } ?? []) + call.arguments)
    case .conditional(let condition, let then, let otherwise):
      show([condition])
      explain(truth(of: condition) == true ? then : otherwise)
    case .comprehension(let comprehension): show([comprehension.range])
    case .has, .literal, .name, .select, .optionalSelect, .index, .optionalIndex, .optional,
      .unary(.negate, _), .list, .map:
      break
    }
  }

  /// The operands that decided: of a chain that is false the first that is, else all.
  private mutating func explain(_ operands: [SyntaxNode], of logical: LogicalOperator) {
    let deciding = logical.deciding
    guard let decisive = operands.first(where: { truth(of: $0) == deciding }) else {
      for operand in operands { name(operand, isAlone: false) }
      return
    }
    name(decisive, isAlone: true)
  }

  /// Shows an operand: its values, or that it is false when it has none to show.
  private mutating func name(_ operand: SyntaxNode, isAlone: Bool) {
    let count = parts.count
    explain(operand)
    guard parts.count == count, let truth = truth(of: operand) else { return }
    parts.append("`\(written(operand))` is \(truth)")
  }

  private mutating func truth(of node: SyntaxNode) -> Bool? {
    guard case .bool(let truth)? = value(of: node)?.revealed else { return nil }
    return truth
  }

  /// Shows the operands of one comparison, each followed by what it is computed of.
  private mutating func show(_ operands: [SyntaxNode], masked: Bool = false) {
    guard parts.count < Self.partLimit else { return }
    let shown = operands.filter { !$0.isLiteral }
    let values = shown.map { value(of: $0) }
    let holdsSecret = masked || operands.contains { value(of: $0)?.holdsSecret ?? true }
    for (node, value) in zip(shown, values) {
      guard let value else { continue }
      let isMasked = holdsSecret && value.unknown == nil
      let part = "`\(written(node))` is \(isMasked ? Secret.mask : Self.text(value))"
      if !parts.contains(part) { parts.append(part) }
      show(used(by: node), masked: holdsSecret)
    }
  }

  /// The operands that a computed value rests on, of a conditional only those of the branch that was taken;
  /// what a function is given is part of how the call is written.
  private mutating func used(by node: SyntaxNode) -> [SyntaxNode] {
    switch node.kind {
    case .binary(_, let left, let right): [left, right]
    case .logical(_, let operands): operands
    case .unary(_, let operand): [operand]
    case .conditional(let condition, let then, let otherwise):
      [condition, truth(of: condition) == true ? then : otherwise]
    case .index(_, let key), .optionalIndex(_, let key): [key]
    case .call, .comprehension, .has, .literal, .name, .select, .optionalSelect, .optional, .list,
      .map:
      []
    }
  }

  private mutating func value(of node: SyntaxNode) -> Value? {
    do throws(Evaluator.Blame) {
      return try evaluator.value(of: node)
    } catch {
      return error.failure.unknown.map { .unknown($0) }
    }
  }

  /// The node as it is written, on one line.
  private func written(_ node: SyntaxNode) -> String {
    let end = min(source.count, node.span.offset + node.span.length)
    let text = String(scalars: source[min(node.span.offset, end)..<end])
    let words = text.split(whereSeparator: \.isWhitespace)
    return Self.cut(words.joined(separator: " "), Self.sourceLimit)
  }

  private static func text(_ value: Value) -> String {
    cut(JSON.text(value, unknowns: .shown), valueLimit)
  }

  private static func cut(_ text: String, _ limit: Int) -> String {
    let scalars = text.unicodeScalars
    return scalars.count <= limit ? text : String(scalars: scalars.prefix(limit)) + "…"
  }
}

extension SyntaxNode {
  /// Whether the node shows its own value.
  fileprivate var isLiteral: Bool {
    switch kind {
    case .literal: true
    case .unary(_, let operand): operand.isLiteral
    case .list(let elements): elements.allSatisfy(\.isLiteral)
    case .map(let entries): entries.allSatisfy { $0.key.isLiteral && $0.value.isLiteral }
    case .name, .select, .optionalSelect, .has, .index, .optionalIndex, .optional, .call, .binary,
      .logical, .conditional, .comprehension:
      false
    }
  }
}
