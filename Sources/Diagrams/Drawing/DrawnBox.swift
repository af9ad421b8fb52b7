/// A part of a drawing with its size, in units of the drawing; shapes are placed from its top left corner.
struct DrawnBox {
  var width: Int
  var height: Int
  /// Where arrows come in at the top and go out at the bottom, from the left.
  var axis: Int
  var shapes: [DrawnShape] = []

  /// Puts another box into this one, moved to the right and down.
  mutating func add(_ box: DrawnBox, x: Int, y: Int) {
    shapes += box.shapes.map { $0.moved(x: x, y: y) }
  }
}

/// One shape of a drawing.
enum DrawnShape: Sendable, Hashable {
  /// A step, whose lines are centred in it.
  case step(FlowStep, DrawnRectangle)
  /// The frame of a group, with its title in the upper left corner.
  case frame(FlowGroup, DrawnRectangle)
  /// The start or the end.
  case terminal(String, DrawnRectangle)
  case arrow(DrawnArrow)

  func moved(x: Int, y: Int) -> DrawnShape {
    switch self {
    case .step(let step, let place): .step(step, place.moved(x: x, y: y))
    case .frame(let group, let place): .frame(group, place.moved(x: x, y: y))
    case .terminal(let text, let place): .terminal(text, place.moved(x: x, y: y))
    case .arrow(let arrow): .arrow(arrow.moved(x: x, y: y))
    }
  }
}

/// Where a shape is.
struct DrawnRectangle: Sendable, Hashable {
  var x: Int
  var y: Int
  var width: Int
  var height: Int

  func moved(x: Int, y: Int) -> DrawnRectangle {
    DrawnRectangle(x: self.x + x, y: self.y + y, width: width, height: height)
  }
}

/// A line of straight parts, with a head at its end unless it runs into another one.
struct DrawnArrow: Sendable, Hashable {
  struct Point: Sendable, Hashable {
    var x: Int
    var y: Int
  }

  var points: [Point]
  var isDashed = false
  var hasHead = true
  var label: String?
  /// Where the label begins.
  var labelPoint = Point(x: 0, y: 0)

  func moved(x: Int, y: Int) -> DrawnArrow {
    func moved(_ point: Point) -> Point { Point(x: point.x + x, y: point.y + y) }
    var arrow = self
    arrow.points = points.map(moved)
    arrow.labelPoint = moved(labelPoint)
    return arrow
  }
}
