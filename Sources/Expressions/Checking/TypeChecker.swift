package import Diagnostics

/// Walks a tree and works out its type, collecting everything that cannot be right.
///
/// A part with a diagnostic counts as `dyn`, so that one mistake makes one diagnostic.
struct TypeChecker {
  struct Mistake {
    var code: DiagnosticCode
    var message: String
    var span: SourceSpan
    var hint: String?
    var replacement: String?
    var severity = Diagnostic.Severity.error
  }

  struct Local {
    var name: String
    var type: StaticType
  }

  let environment: TypeEnvironment
  var diagnostics: [Mistake] = []
  /// The names of the enclosing macros, innermost last.
  var locals: [Local] = []
  /// Where attributes are selected, by their names.
  var attributes: Set<SourceSpan> = []

  init(_ environment: TypeEnvironment) {
    self.environment = environment
  }

  mutating func type(of node: SyntaxNode) -> StaticType {
    switch node.kind {
    case .literal(let value): StaticType(of: value)
    case .name(let name): type(of: name, at: node)
    case .select(let operand, let field): select(field, of: operand, at: node)
    case .has(let operand, let field): has(field, in: operand, at: node)
    case .optionalSelect(let operand, let field): optionalSelect(field, of: operand, at: node)
    case .optionalIndex(let operand, let index):
      optionalElement(of: operand, at: index, node: node)
    case .optional(let operand): optionalMember(operand)
    case .index(let operand, let index): element(of: operand, at: index, node: node)
    case .call(let call): type(of: call, at: node)
    case .unary(let unary, let operand): type(of: unary, operand, at: node)
    case .binary(let binary, let left, let right): type(of: binary, left, right, at: node)
    case .logical(let logical, let operands): type(of: logical, operands)
    case .conditional(let condition, let then, let otherwise):
      type(of: condition, then, otherwise, at: node)
    case .list(let elements): .list(joinedType(of: elements))
    case .map(let entries): type(of: entries)
    case .comprehension(let comprehension): type(of: comprehension, at: node)
    }
  }

  /// Notes a diagnostic, and gives the type that causes no further ones.
  mutating func report(
    _ code: DiagnosticCode, _ message: String, at span: SourceSpan, hint: String? = nil,
    replacement: String? = nil
  ) -> StaticType {
    diagnostics.append(
      Mistake(code: code, message: message, span: span, hint: hint, replacement: replacement))
    return .dyn
  }

  /// The type, unless it is of something that must not be used here.
  mutating func available(_ type: StaticType, at span: SourceSpan) -> StaticType {
    if case .attribute(let type) = type {
      attributes.insert(span)
      return type
    }
    guard case .unavailable(let reason) = type else { return type }
    return report(.unavailableName, reason, at: span)
  }

  /// Notes a diagnostic unless `node` is bool as far as is known.
  mutating func expectBool(_ node: SyntaxNode, for what: String) {
    let type = type(of: node)
    guard !StaticType.bool.accepts(type) else { return }
    _ = report(.wrongType, "\(what) needs bool, not \(type)", at: node.span)
  }

  private mutating func joinedType(of nodes: [SyntaxNode]) -> StaticType {
    var types: [StaticType] = []
    for node in nodes { types.append(type(of: node)) }
    return StaticType(joining: types)
  }

  private mutating func type(of entries: [SyntaxNode.MapEntry]) -> StaticType {
    var keys: [StaticType] = []
    for entry in entries {
      let key = type(of: entry.key)
      switch key {
      case .dyn, .bool, .int, .uint, .string: keys.append(key)
      case .null, .double, .bytes, .timestamp, .duration, .type, .list, .map, .object, .attribute,
        .unavailable:
        keys.append(
          report(.wrongType, "\(key) cannot be the key of a map", at: entry.key.span))
      }
    }
    return .map(key: StaticType(joining: keys), value: joinedType(of: entries.map(\.value)))
  }
}

extension Expression {
  /// The type of the expression where `environment`'s names are known, and every diagnostic about it.
  ///
  /// As CEL's checker, but null may be compared with anything and stand on either side of `:`. The
  /// type is `dyn` where nothing better is known; with an error among the diagnostics it is a guess.
  /// Codes: `unknown-name`, `unknown-field`, `unknown-function`, `unavailable-name`, `wrong-type`,
  /// `wrong-arguments`, `invalid-pattern`, `unknown-timezone`; and `unknown-word`, a warning.
  package func check(
    in environment: TypeEnvironment
  ) -> (type: StaticType, diagnostics: [Diagnostic]) {
    var checker = TypeChecker(environment)
    let type = checker.type(of: root)
    let diagnostics = checker.diagnostics.map { mistake in
      let location = location(of: mistake.span)
      return Diagnostic(
        mistake.code, mistake.message, at: location, hint: mistake.hint,
        fix: mistake.replacement.map { Fix($0, at: location) }, severity: mistake.severity)
    }
    return (type.withoutOptionals, diagnostics)
  }
}
