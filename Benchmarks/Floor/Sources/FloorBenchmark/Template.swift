/// A value of a tenant that its requests and messages hold.
enum Slot: Int, CaseIterable {
  /// What stands before `@example.com` in the login name.
  case username
  case token
  case channel
  /// The id of the latest command.
  case command
  case vault
  case phone
  case configuration
  case template
  case event
  case policy
}

/// The values of one tenant, empty until an answer brought them.
struct TenantValues {
  private var texts = [String](repeating: "", count: Slot.allCases.count)

  init(username: String) {
    self[.username] = username
  }

  subscript(slot: Slot) -> String {
    get { texts[slot.rawValue] }
    set { texts[slot.rawValue] = newValue }
  }
}

/// A text with values of the tenant in it.
struct Template: ExpressibleByStringInterpolation {
  fileprivate enum Piece {
    case text(String)
    case slot(Slot)
  }

  struct StringInterpolation: StringInterpolationProtocol {
    fileprivate var pieces: [Piece] = []

    init(literalCapacity: Int, interpolationCount: Int) {
      pieces.reserveCapacity(2 * interpolationCount + 1)
    }

    mutating func appendLiteral(_ literal: String) {
      if !literal.isEmpty { pieces.append(.text(literal)) }
    }

    mutating func appendInterpolation(_ slot: Slot) { pieces.append(.slot(slot)) }

    mutating func appendInterpolation(text: String) { appendLiteral(text) }

    mutating func appendInterpolation(_ template: Template) { pieces += template.pieces }
  }

  private let pieces: [Piece]

  init(stringLiteral text: String) { pieces = text.isEmpty ? [] : [.text(text)] }

  init(stringInterpolation: StringInterpolation) { pieces = stringInterpolation.pieces }

  private init(_ pieces: [Piece]) { self.pieces = pieces }

  static func + (left: Template, right: Template) -> Template {
    Template(left.pieces + right.pieces)
  }

  /// The text for one tenant.
  func text(_ values: TenantValues) -> String {
    guard pieces.count > 1 else {
      switch pieces.first {
      case .text(let text): return text
      case .slot(let slot): return values[slot]
      case nil: return ""
      }
    }
    return pieces.reduce(into: "") { result, piece in
      switch piece {
      case .text(let text): result += text
      case .slot(let slot): result += values[slot]
      }
    }
  }
}
