import Diagnostics

/// `undo` and `undo-on`.
extension PlaybookReader {
  private static let automatic = "auto"

  mutating func readUndo(_ entry: YAMLNode.Entry) -> WrittenUndo? {
    if entry.value.text != nil, entry.value.scalarKind == .text {
      guard let word = plainText(of: entry.value, "`undo`") else { return nil }
      guard word.value != Self.automatic else {
        return WrittenUndo(.auto, location: entry.keyLocation)
      }
      report(
        .wrongValue, "`undo` is a list of steps or `auto`, not `\(word.value)`", at: word.location,
        hint: didYouMean(word.value, among: [Self.automatic])
          ?? "`auto` removes what the call created, where the API can",
        fix: spellingFix(word.value, among: [Self.automatic], at: word.location))
      return nil
    }
    let steps = readSteps(entry.value, "`undo`")
    return steps.isEmpty ? nil : WrittenUndo(.steps(steps), location: entry.keyLocation)
  }

  /// The ends at which a playbook takes back what its steps changed, each once.
  mutating func readUndoCauses(_ node: YAMLNode) -> [UndoCause] {
    var causes: [UndoCause] = []
    let elements = elements(of: node, "`undo-on`", hint: "write `undo-on: [failure, cancel]`") ?? []
    for element in elements {
      let cause: Located<UndoCause>? = choice(
        of: element, "`undo-on`",
        hint: "`failure` undoes when the steps failed, `cancel` when they were cancelled")
      guard let cause else { continue }
      guard !causes.contains(cause.value) else {
        report(
          .duplicateValue, "`\(cause.value.rawValue)` is given twice", at: cause.location,
          hint: "leave one out")
        continue
      }
      causes.append(cause.value)
    }
    return causes
  }
}
