import Diagnostics

/// Places the parts of a diagram: sequences from the top down, branches and what rescues side by side.
enum DrawnLayout {
  static let lineHeight = 18
  private static let characterWidth = 8
  private static let padding = 14
  private static let gap = 34
  private static let labelledGap = 48
  private static let sideGap = 24
  private static let rescueGap = 92
  private static let narrowest = 120

  /// The width of a line of text, generously: fonts differ.
  static func width(of text: String) -> Int { DisplayWidth.columns(of: text) * characterWidth }

  /// The whole drawing, between its start and its end.
  static func box(of diagram: FlowDiagram) -> DrawnBox {
    stacked(diagram.sequence, ends: ("start", "end"))
  }

  // MARK: Sequences

  /// One part of a stack, and from where in its box the way goes on.
  private struct Stage {
    var box: DrawnBox
    var label: String?
    /// On the axis; nil at the bottom of the box.
    var exit: Int?
    /// The ways that go on with that one, such as that of what rescues.
    var merging: [DrawnArrow.Point] = []
  }

  private static func box(of sequence: FlowSequence) -> DrawnBox {
    stacked(sequence, ends: nil)
  }

  private static func stacked(_ sequence: FlowSequence, ends: (String, String)?) -> DrawnBox {
    var stages: [Stage] = []
    if let ends { stages.append(Stage(box: terminal(ends.0))) }
    for unit in sequence.units {
      stages.append(stage(of: unit, isFirst: stages.isEmpty))
    }
    if let ends { stages.append(Stage(box: terminal(ends.1))) }
    return stack(stages)
  }

  private static func stack(_ stages: [Stage]) -> DrawnBox {
    let axis = stages.reduce(0) { max($0, $1.box.axis) }
    var result = DrawnBox(width: 0, height: 0, axis: axis)
    var previous: Stage?
    for stage in stages {
      if let previous { add(arrowFrom: previous, to: stage, into: &result) }
      result.add(stage.box, x: axis - stage.box.axis, y: result.height)
      result.height += stage.box.height
      result.width = max(result.width, axis - stage.box.axis + stage.box.width)
      previous = stage
    }
    return result
  }

  /// An arrow down from the bottom of `result`, with the ways that run into it.
  private static func add(
    arrowFrom previous: Stage, to stage: Stage, into result: inout DrawnBox
  ) {
    let axis = result.axis
    let height = stage.label == nil ? gap : labelledGap
    let (top, bottom) = (result.height, result.height + height)
    let start = top - previous.box.height
    for point in previous.merging {
      let x = point.x + axis - previous.box.axis
      result.shapes.append(
        .arrow(
          DrawnArrow(
            points: [
              .init(x: x, y: start + point.y), .init(x: x, y: top + 12),
              .init(x: axis, y: top + 12),
            ], isDashed: true, hasHead: false)))
    }
    var arrow = DrawnArrow(
      points: [
        .init(x: axis, y: previous.exit.map { start + $0 } ?? top), .init(x: axis, y: bottom),
      ])
    if let label = stage.label {
      arrow.label = label
      arrow.labelPoint = .init(x: axis + 8, y: bottom - 14)
      result.width = max(result.width, axis + 8 + width(of: label))
    }
    result.shapes.append(.arrow(arrow))
    result.height = bottom
  }

  // MARK: Units

  private static func stage(of unit: FlowUnit, isFirst: Bool) -> Stage {
    // To the first step of a group leads no arrow that could say its condition.
    let main = box(of: isFirst ? unit.part.conditional(unit.condition) : unit.part)
    var stage = Stage(box: main, label: isFirst ? nil : unit.condition)
    var beside: [Side] = []
    if let undo = unit.undo {
      beside.append(Side(box: box(of: .group(.undo(undo))), label: "undo", goesOn: false))
    }
    // The last one, so that nothing stands in its way down.
    if let rescue = unit.rescue {
      beside.append(Side(box: box(of: .group(.rescue(rescue))), label: "on failure", goesOn: true))
    }
    stage = flanked(stage, by: beside)
    if let always = unit.always {
      let last = Stage(box: box(of: .group(.always(always))))
      stage = Stage(box: stack([stage, last]), label: stage.label)
    }
    return stage
  }

  /// What stands beside a step, with a dashed arrow to it.
  private struct Side {
    var box: DrawnBox
    var label: String
    /// Whether what follows the step follows this, too.
    var goesOn: Bool
  }

  /// What rescues or undoes stands beside what it is for, one below the other.
  private static func flanked(_ stage: Stage, by sides: [Side]) -> Stage {
    guard !sides.isEmpty else { return stage }
    let main = stage.box
    let x = main.width + rescueGap
    var box = DrawnBox(width: main.width, height: main.height, axis: main.axis)
    var merging: [DrawnArrow.Point] = []
    box.add(main, x: 0, y: 0)
    var top = 0
    for side in sides {
      box.add(side.box, x: x, y: top)
      box.shapes.append(.arrow(arrow(to: side, at: x, top, from: main)))
      box.width = max(box.width, x + side.box.width)
      box.height = max(box.height, top + side.box.height)
      if side.goesOn { merging.append(.init(x: x + side.box.axis, y: top + side.box.height)) }
      top += side.box.height + sideGap
    }
    return Stage(box: box, label: stage.label, exit: main.height, merging: merging)
  }

  /// A straight arrow, or one that goes down first where `main` does not reach so far.
  private static func arrow(
    to side: Side, at x: Int, _ top: Int, from main: DrawnBox
  ) -> DrawnArrow {
    let y = top + min(main.height, side.box.height) / 2
    let lowest = main.height - 8
    let bend = main.width + 6
    let points: [DrawnArrow.Point] =
      y <= lowest
      ? [.init(x: main.width, y: y), .init(x: x, y: y)]
      : [
        .init(x: main.width, y: lowest), .init(x: bend, y: lowest), .init(x: bend, y: y),
        .init(x: x, y: y),
      ]
    return DrawnArrow(
      points: points, isDashed: true, label: side.label,
      labelPoint: .init(x: y <= lowest ? bend : bend + 4, y: y - 6))
  }

  // MARK: Parts

  private static func box(of part: FlowPart) -> DrawnBox {
    switch part {
    case .step(let step):
      let lines = [step.title] + [step.detail].compactMap(\.self)
      let width = max(narrowest, lines.reduce(0) { max($0, self.width(of: $1)) } + 2 * padding)
      let height = lines.count * lineHeight + padding
      return DrawnBox(
        width: width, height: height, axis: width / 2,
        shapes: [.step(step, DrawnRectangle(x: 0, y: 0, width: width, height: height))])
    case .group(let group): return framed(group)
    }
  }

  private static func framed(_ group: FlowGroup) -> DrawnBox {
    let lines = [group.title] + [group.detail].compactMap(\.self)
    let inside: DrawnBox =
      switch group.content {
      case .sequence(let sequence): self.box(of: sequence)
      case .branches(let branches): row(branches)
      }
    let titleWidth = lines.reduce(0) { max($0, self.width(of: $1)) }
    let width = max(inside.width, titleWidth) + 2 * padding
    let top = lines.count * lineHeight + padding
    let height = top + inside.height + padding
    var box = DrawnBox(
      width: width, height: height, axis: width / 2,
      shapes: [.frame(group, DrawnRectangle(x: 0, y: 0, width: width, height: height))])
    box.add(inside, x: (width - inside.width) / 2, y: top)
    return box
  }

  private static func row(_ branches: [FlowGroup]) -> DrawnBox {
    var row = DrawnBox(width: 0, height: 0, axis: 0)
    for (index, branch) in branches.enumerated() {
      let box = framed(branch)
      let x = row.width + (index > 0 ? sideGap : 0)
      row.add(box, x: x, y: 0)
      row.width = x + box.width
      row.height = max(row.height, box.height)
    }
    row.axis = row.width / 2
    return row
  }

  private static func terminal(_ text: String) -> DrawnBox {
    let size = DrawnRectangle(x: 0, y: 0, width: 72, height: 30)
    return DrawnBox(
      width: size.width, height: size.height, axis: size.width / 2, shapes: [.terminal(text, size)])
  }
}
