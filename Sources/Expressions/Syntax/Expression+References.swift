package import Diagnostics

extension Expression {
  /// A use of a variable with the fields that are named after it, such as `steps.upload.token`.
  package struct Reference: Sendable, Hashable {
    /// The name of the variable as written, such as `steps`.
    package var variable: String
    /// The fields, as far as they are written out, as `.name` or as `['name']`.
    package var path: [String]
    /// The whole of it.
    package var location: SourceLocation

    /// A use of `variable` and the fields `path` of it, written at `location`.
    package init(variable: String, path: [String], location: SourceLocation) {
      self.variable = variable
      self.path = path
      self.location = location
    }
  }

  /// Every use of a variable, in the order they are written.
  ///
  /// Names bound by macros, names of types and namespaces of functions are none.
  package var references: [Reference] {
    var collector = ReferenceCollector()
    collector.visit(root)
    return collector.found.map {
      Reference(variable: $0.variable, path: $0.path, location: location(of: $0.span))
    }
  }

  /// The use of a variable that the whole expression consists of, such as `inputs.name`; nil when it is
  /// more than that.
  package var wholeReference: Reference? {
    guard root.isPlainPath, let (name, path) = root.path else { return nil }
    return Reference(variable: name.text, path: path, location: location(of: root.span))
  }

  /// Every use of `variable`, in the order they are written.
  package func references(to variable: String) -> [Reference] {
    references.filter { $0.variable == variable }
  }

  /// The variables the expression uses.
  package var referencedNames: Set<String> {
    Set(references.map(\.variable))
  }
}

private struct ReferenceCollector {
  private(set) var found: [(variable: String, path: [String], span: SourceSpan)] = []
  private var locals: [String] = []

  mutating func visit(_ node: SyntaxNode) {
    if let (name, path) = node.path {
      add(name, path: path, span: node.span)
      return
    }
    switch node.kind {
    case .call(let call):
      let operands = call.resolved { locals.contains($0) }.operands
      for operand in operands { visit(operand) }
    case .comprehension(let comprehension):
      visit(comprehension.range)
      locals += comprehension.variables
      if let condition = comprehension.condition { visit(condition) }
      visit(comprehension.body)
      locals.removeLast(comprehension.variables.count)
    case .has(let operand, let field):
      if let (name, path) = operand.path {
        add(name, path: path + [field], span: node.span)
      } else {
        visit(operand)
      }
    case .literal, .name, .select, .optionalSelect, .index, .optionalIndex, .optional, .unary,
      .binary, .logical, .conditional, .list, .map:
      for child in node.kind.children { visit(child) }
    }
  }

  private mutating func add(_ name: SyntaxNode.Name, path: [String], span: SourceSpan) {
    guard name.isAbsolute || !locals.contains(name.text) else { return }
    guard !path.isEmpty || !Value.typeNames.contains(name.text) else { return }
    found.append((name.text, path, span))
  }
}

extension SyntaxNode {
  /// Whether it is a name with fields that must be there.
  fileprivate var isPlainPath: Bool {
    switch kind {
    case .name: true
    case .select(let operand, _): operand.isPlainPath
    case .index(let operand, let index):
      if case .literal(.string) = index.kind { operand.isPlainPath } else { false }
    case .literal, .optionalSelect, .has, .optionalIndex, .optional, .call, .unary, .binary,
      .logical, .conditional, .list, .map, .comprehension:
      false
    }
  }

  /// The name and the written-out fields that the node consists of, or nil when it is more.
  fileprivate var path: (name: Name, fields: [String])? {
    switch kind {
    case .name(let name): return (name, [])
    case .select(let operand, let field), .optionalSelect(let operand, let field):
      return operand.path.map { ($0.name, $0.fields + [field]) }
    case .index(let operand, let index), .optionalIndex(let operand, let index):
      guard case .literal(.string(let field)) = index.kind else { return nil }
      return operand.path.map { ($0.name, $0.fields + [field]) }
    case .literal, .has, .optional, .call, .unary, .binary, .logical, .conditional, .list, .map,
      .comprehension:
      return nil
    }
  }
}
