import Diagnostics

extension Evaluator {
  mutating func result(
    of call: SyntaxNode.Call, at node: SyntaxNode
  ) throws(Blame) -> Value {
    let resolved = call.resolved { name in
      bindings[name] != nil || locals.contains { $0.name == name }
    }
    guard let function = resolved.function else {
      let hint =
        OtherFunctions.hint(for: resolved.name) ?? didYouMean(resolved.name, among: Function.names)
      let failure = EvaluationFailure("unknown function `\(resolved.name)`", hint: hint)
      throw Blame(failure: failure, span: node.focus)
    }
    if resolved.isFallBack { return try fallBack(function, resolved.operands, at: node) }
    var operands: [Value] = []
    var unknowns = UnknownOperands()
    for operand in resolved.operands {
      do throws(Blame) { operands.append(try value(of: operand)) } catch { try unknowns.add(error) }
    }
    guard function.accepts(count: resolved.operands.count, style: resolved.style) else {
      let failure = EvaluationFailure(
        "`\(function.name)` is not called this way", hint: function.usage)
      throw Blame(failure: failure, span: node.focus)
    }
    try unknowns.check()
    let isSecret = operands.contains { function.readsElements ? $0.holdsSecret : $0.isSecret }
    do throws(EvaluationFailure) {
      let plain =
        !isSecret ? operands : operands.map { function.readsElements ? $0.revealed : $0.peeled }
      let result = try function.apply(
        to: plain, style: resolved.style, zones: bindings.zones, meter: &meter)
      madeOptionals = madeOptionals || result.optionalContent != nil
      return isSecret ? result.hidden(like: operands) : result
    } catch {
      throw blame(error, for: function.name, operands, at: node)
    }
  }
}

extension SyntaxNode.Call {
  /// A call with its function looked up.
  struct Resolved {
    /// As written, with its namespace.
    var name: String
    /// Nil when there is no such function.
    var function: Function?
    var style: Overload.Style
    /// The receiver, unless it was a namespace, and the arguments.
    var operands: [SyntaxNode]

    /// Whether the argument is evaluated only where an optional holds nothing.
    var isFallBack: Bool {
      style == .member && operands.count == 2 && (name == "or" || name == "orValue")
    }
  }

  /// Distinguishes `base64.encode(x)`, where `base64` is a namespace, from `text.contains(x)`.
  func resolved(isVariable: (String) -> Bool) -> Resolved {
    guard let receiver else {
      return Resolved(
        name: function, function: Function.named[function], style: .global, operands: arguments)
    }
    if let namespace = receiver.qualifiedName, let root = receiver.rootName, !isVariable(root.text),
      Function.namespaces.contains(namespace)
    {
      let name = "\(namespace).\(function)"
      return Resolved(
        name: name, function: Function.named[name], style: .global, operands: arguments)
    }
    return Resolved(
      name: function, function: Function.named[function], style: .member,
      operands: [receiver] + arguments)
  }
}
