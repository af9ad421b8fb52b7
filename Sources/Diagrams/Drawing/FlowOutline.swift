/// A diagram in words, for people who do not see it.
enum FlowOutline {
  /// Everything that the drawing shows, in its order.
  static func text(of diagram: FlowDiagram) -> String {
    let count = FlowWords.count(diagram.sequence.stepCount, "step")
    return "\(count): \(text(of: diagram.sequence))."
  }

  private static func text(of sequence: FlowSequence) -> String {
    sequence.units.map(text).joined(separator: "; then ")
  }

  private static func text(of unit: FlowUnit) -> String {
    var words = ""
    if let condition = unit.condition { words += "if \(condition): " }
    words += text(of: unit.part)
    if let rescue = unit.rescue { words += ", on failure (\(text(of: rescue)))" }
    if let always = unit.always { words += ", always (\(text(of: always)))" }
    if let undo = unit.undo { words += ", undone by (\(text(of: undo)))" }
    return words
  }

  private static func text(of part: FlowPart) -> String {
    switch part {
    case .step(let step): step.title
    case .group(let group): text(of: group)
    }
  }

  private static func text(of group: FlowGroup) -> String {
    let inside =
      switch group.content {
      case .sequence(let sequence): text(of: sequence)
      case .branches(let branches): branches.map(text).joined(separator: "; beside it ")
      }
    let name = [group.title, group.detail].compactMap(\.self).joined(separator: ", ")
    return "\(name) (\(inside))"
  }
}
