extension SyntaxNode {
  /// The dotted name that a name with fields spells, or nil for anything else.
  var qualifiedName: String? {
    switch kind {
    case .name(let name): name.text
    case .select(let operand, let field): operand.qualifiedName.map { "\($0).\(field)" }
    case .literal, .optionalSelect, .has, .index, .optionalIndex, .optional, .call, .unary, .binary,
      .logical, .conditional, .list, .map,
      .comprehension:
      nil
    }
  }

  /// The name that a chain of fields begins with.
  var rootName: Name? {
    var node = self
    while case .select(let operand, _) = node.kind { node = operand }
    if case .name(let name) = node.kind { return name }
    return nil
  }
}
