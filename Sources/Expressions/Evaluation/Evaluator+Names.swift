import Diagnostics

extension Evaluator {
  /// The value of a variable, or the type that the name stands for.
  func value(of name: SyntaxNode.Name, at node: SyntaxNode) throws(Blame) -> Value {
    if !name.isAbsolute, let local = locals.last(where: { $0.name == name.text }) {
      return try known(local.value, at: node)
    }
    if let value = bindings[name.text] { return try known(value, at: node) }
    if Value.typeNames.contains(name.text) { return .type(name.text) }
    let hint = didYouMean(name.text, among: bindings.names)
    throw Blame(
      failure: EvaluationFailure("unknown name `\(name.text)`", hint: hint), span: node.focus)
  }

  /// `operand.field`.
  mutating func select(
    _ field: String, of operand: SyntaxNode, at node: SyntaxNode
  ) throws(Blame) -> Value {
    if let value = qualifiedValue(of: node) { return try known(value, at: node) }
    let container = try value(of: operand)
    if container.peeled.optionalContent != nil {
      return try optionalField(field, of: container, at: node)
    }
    guard case .map(let map) = container.peeled else {
      let failure = EvaluationFailure(
        "\(container.typeName) has no fields",
        hint: OtherFunctions.hint(forField: field, of: container.typeName))
      throw Blame(failure: failure, span: node.focus)
    }
    // An attribute says nothing of what is in the map, secret or not.
    if map[field] == nil, let attribute = map.attributes[field] {
      return try known(attribute, at: node)
    }
    guard let value = map[field] else {
      let hint =
        container.isSecret
        ? nil : didYouMean(field, among: map.names) ?? "`has(…)` tests whether there is one"
      throw Blame(
        failure: EvaluationFailure("no such field `\(field)`", hint: hint), span: node.focus)
    }
    return try known(container.isSecret ? value.hidden(like: [container]) : value, at: node)
  }

  /// `has(operand.field)`.
  mutating func has(
    _ field: String, in operand: SyntaxNode, at node: SyntaxNode
  ) throws(Blame) -> Value {
    let container = try value(of: operand)
    if container.peeled.optionalContent != nil {
      let part = try optionalField(field, of: container, at: node)
      guard case .value? = part.peeled.optionalContent else {
        return part.isSecret ? Value.bool(false).hidden : false
      }
      return part.isSecret ? Value.bool(true).hidden : true
    }
    guard case .map(let map) = container.peeled else {
      let failure = EvaluationFailure("\(container.typeName) has no fields")
      throw Blame(failure: failure, span: operand.span)
    }
    let answer = Value.bool(map.field(field) != nil)
    return container.isSecret ? answer.hidden : answer
  }

  /// `operand[index]`.
  mutating func element(
    of operand: SyntaxNode, at index: SyntaxNode, node: SyntaxNode
  ) throws(Blame) -> Value {
    let container: Value
    do throws(Blame) { container = try value(of: operand) } catch {
      throw failure(error, beside: index)
    }
    let key = try value(of: index)
    if container.peeled.optionalContent != nil {
      return try optionalElement(of: container, at: key, node: node)
    }
    let isSecret = container.isSecret || key.isSecret
    let element: Value
    do throws(EvaluationFailure) {
      element = try container.peeled.element(at: key.peeled)
    } catch {
      throw Blame(failure: isSecret ? error.withheld : error, span: node.focus)
    }
    return try known(isSecret ? element.hidden(like: [container, key]) : element, at: node)
  }

  /// The value or type whose name has dots in it, the longest such name first.
  private func qualifiedValue(of node: SyntaxNode) -> Value? {
    guard let root = node.rootName, bindings.hasQualifiedNames || root.text == "google",
      root.isAbsolute || !locals.contains(where: { $0.name == root.text }),
      let path = node.qualifiedName
    else { return nil }
    if let value = bindings[path] { return value }
    return Value.typeNames.contains(path) ? .type(path) : nil
  }
}

extension Value {
  /// The element of a list at an index, or of a map under a key.
  fileprivate func element(at key: Value) throws(EvaluationFailure) -> Value {
    if let element = try existingElement(at: key) { return element }
    let key = key.asLookupKey
    guard case .list(let elements) = self else { throw .about(key, "no such key in the map") }
    throw EvaluationFailure(
      "the index is outside the list", detail: "\(JSON.text(key)) in a list of \(elements.count)",
      hint: "test the size first: `size(list) > n ? list[n] : other`")
  }

  /// The element of a list at an index, or of a map under a key; nil when there is none.
  func existingElement(at key: Value) throws(EvaluationFailure) -> Value? {
    let key = key.asLookupKey
    switch self {
    case .list(let elements):
      guard key.isNumber else {
        throw EvaluationFailure("a list has no index of type \(key.typeName)")
      }
      guard case .int(let number) = key, let index = Int(exactly: number),
        elements.indices.contains(index)
      else { return nil }
      return elements[index]
    case .map(let map): return map[key: key] ?? key.text.flatMap { map.attributes[$0] }
    case .null, .bool, .int, .uint, .double, .string, .bytes, .timestamp, .duration, .type, .secret,
      .unknown:
      throw EvaluationFailure("\(typeName) has no elements")
    }
  }
}
