/// One node of an expression's tree and the text it was read from.
///
/// A class so that it takes one word: walks over deep trees must fit small stacks.
final class SyntaxNode: Sendable {
  let kind: Kind
  /// The whole text of the node.
  let span: SourceSpan
  /// What a diagnostic about the node underlines: the operator, the field or the function's name.
  let focus: SourceSpan
  /// Whether the text has parentheses around it.
  let isParenthesized: Bool
  /// 1 for a leaf; one more than the deepest child otherwise.
  let depth: Int

  indirect enum Kind: Sendable {
    case literal(Value)
    case name(Name)
    case select(SyntaxNode, field: String)
    /// `operand.?field`.
    case optionalSelect(SyntaxNode, field: String)
    /// `has(operand.field)`.
    case has(SyntaxNode, field: String)
    case index(SyntaxNode, SyntaxNode)
    /// `operand[?index]`.
    case optionalIndex(SyntaxNode, SyntaxNode)
    /// What stands behind `?` as an element of a list or as the value of an entry `?key: value`.
    case optional(SyntaxNode)
    case call(Call)
    case unary(UnaryOperator, SyntaxNode)
    case binary(BinaryOperator, SyntaxNode, SyntaxNode)
    /// Two or more operands joined by one operator, flat, so that long conditions stay shallow.
    case logical(LogicalOperator, [SyntaxNode])
    case conditional(SyntaxNode, then: SyntaxNode, otherwise: SyntaxNode)
    case list([SyntaxNode])
    case map([MapEntry])
    case comprehension(Comprehension)
  }

  /// A variable or a type's name.
  struct Name: Sendable {
    var text: String
    /// Written with a leading dot: names of enclosing macros are passed over.
    var isAbsolute: Bool
  }

  /// `function(arguments)` or `receiver.function(arguments)`.
  struct Call: Sendable {
    var function: String
    var receiver: SyntaxNode?
    var arguments: [SyntaxNode]
  }

  struct MapEntry: Sendable {
    var key: SyntaxNode
    var value: SyntaxNode
  }

  /// A macro that evaluates its body with names bound, such as `range.all(variable, body)`.
  struct Comprehension: Sendable {
    enum Macro: String, Sendable, Hashable {
      case all, exists, filter, map, transformList, transformMap, transformMapEntry, sortBy
      case optMap, optFlatMap
      case existsOne = "exists_one"
      case bind = "cel.bind"
    }

    var macro: Macro
    /// The list or map that the macro goes over, or its optional; the value that `cel.bind` binds.
    var range: SyntaxNode
    /// One name, for the elements of a list or the keys of a map, or two: for the positions or keys, and
    /// for the elements or values.
    var variables: [String]
    /// Only where the macro has one expression more: which elements are taken.
    var condition: SyntaxNode?
    var body: SyntaxNode
  }

  init(
    _ kind: Kind, span: SourceSpan, focus: SourceSpan? = nil, isParenthesized: Bool = false
  ) {
    self.isParenthesized = isParenthesized
    self.kind = kind
    self.span = span
    self.focus = focus ?? span
    depth = 1 + (kind.children.map(\.depth).max() ?? 0)
  }
}

extension SyntaxNode {
  /// Whether this is what stands behind `?` in a list or map.
  var isOptional: Bool {
    if case .optional = kind { true } else { false }
  }
}

extension SyntaxNode.Kind {
  /// The nodes directly below, in the order they are written.
  var children: [SyntaxNode] {
    switch self {
    case .literal, .name: []
    case .select(let operand, _), .optionalSelect(let operand, _), .has(let operand, _),
      .unary(_, let operand), .optional(let operand):
      [operand]
    case .index(let left, let right), .optionalIndex(let left, let right),
      .binary(_, let left, let right):
      [left, right]
    case .call(let call): (call.receiver.map { [$0] } ?? []) + call.arguments
    case .logical(_, let operands), .list(let operands): operands
    case .conditional(let condition, let then, let otherwise): [condition, then, otherwise]
    case .map(let entries): entries.flatMap { [$0.key, $0.value] }
    case .comprehension(let comprehension):
      [comprehension.range] + (comprehension.condition.map { [$0] } ?? []) + [comprehension.body]
    }
  }
}
