/// A terminal as far as the live view uses one: text, new lines, cursor up, erasing.
struct Screen {
  private let columns: Int
  private var rows: [[Character]] = [[]]
  private var row = 0

  init(columns: Int) {
    self.columns = columns
  }

  /// All rows, those that scrolled away too.
  var text: String { rows.map { String($0) + "\n" }.joined() }

  mutating func show(_ output: String) {
    var rest = output[...]
    var column = 0
    while let character = rest.popFirst() {
      switch character {
      case "\n":
        row += 1
        column = 0
        if row == rows.count { rows.append([]) }
      case "\u{1B}":
        let sequence = rest.prefix { !$0.isLetter }
        let number = Int(sequence.drop { !$0.isNumber }) ?? 0
        rest.removeFirst(sequence.count)
        switch rest.popFirst() {
        case "A": row = max(0, row - number)
        case "K": rows[row].removeSubrange(min(column, rows[row].count)...)
        case "J":
          rows.removeSubrange((row + 1)...)
          rows[row] = []
        case _: break
        }
      case _:
        if column < rows[row].count {
          rows[row][column] = character
        } else {
          rows[row].append(character)
        }
        column += 1
      }
    }
  }
}
