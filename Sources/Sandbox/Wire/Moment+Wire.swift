import Expressions
import Operations

extension Moment {
  /// ISO 8601 in whole seconds, with the offset as a dialect writes it.
  func text(_ dialect: Dialect) -> String {
    switch dialect.timestamps {
    case .offset: wireText
    case .zulu: "\(calendarTime.text)Z"
    }
  }

  /// ISO 8601 in whole seconds with a numeric offset, as the official examples (protocol.md §1).
  var wireText: String { "\(calendarTime.text)+00:00" }
}
