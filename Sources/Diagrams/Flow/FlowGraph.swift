/// A diagram as nodes, frames and edges, each with an id that no other has: what languages of graphs say.
struct FlowGraph {
  /// A node, or a frame with what stands in it.
  indirect enum Element {
    case node(id: String, FlowStep)
    case frame(id: String, FlowGroup, [Element])

    var id: String {
      switch self {
      case .node(let id, _), .frame(let id, _, _): id
      }
    }
  }

  /// An arrow between two elements of one sequence, or the start or end of the whole.
  struct Edge {
    enum Kind {
      case next
      /// After a failure, or after it was rescued.
      case rescue
      case always
      /// To what takes back what the element changed; no way leads on from there.
      case undo
    }

    var from: String
    var to: String
    var kind: Kind
    var label: String?
  }

  static let start = "start"
  static let end = "finish"

  private(set) var elements: [Element] = []
  private(set) var edges: [Edge] = []
  private var count = 0

  init(_ diagram: FlowDiagram) {
    let (elements, exits) = add(diagram.sequence, entries: [(Self.start, .next)])
    self.elements = elements
    for exit in exits { edges.append(Edge(from: exit.id, to: Self.end, kind: exit.kind)) }
  }

  /// Where the way goes on from, and how.
  private typealias Exit = (id: String, kind: Edge.Kind)

  /// Adds the steps of a sequence; `entries` is what comes before the first one.
  private mutating func add(
    _ sequence: FlowSequence, entries: [Exit]
  ) -> (elements: [Element], exits: [Exit]) {
    var elements: [Element] = []
    var exits = entries
    for unit in sequence.units {
      // To the first step of a group leads no arrow that could say its condition.
      let main = add(exits.isEmpty ? unit.part.conditional(unit.condition) : unit.part)
      for exit in exits {
        edges.append(
          Edge(from: exit.id, to: main.id, kind: exit.kind, label: unit.condition))
      }
      elements.append(main)
      exits = [(main.id, .next)]
      if let undo = unit.undo {
        let frame = add(.group(.undo(undo)))
        elements.append(frame)
        edges.append(Edge(from: main.id, to: frame.id, kind: .undo, label: "undo"))
      }
      if let rescue = unit.rescue {
        let frame = add(.group(.rescue(rescue)))
        elements.append(frame)
        edges.append(Edge(from: main.id, to: frame.id, kind: .rescue, label: "on failure"))
        exits.append((frame.id, .rescue))
      }
      if let always = unit.always {
        let frame = add(.group(.always(always)))
        elements.append(frame)
        for exit in exits { edges.append(Edge(from: exit.id, to: frame.id, kind: .always)) }
        exits = [(frame.id, .next)]
      }
    }
    return (elements, exits)
  }

  private mutating func add(_ part: FlowPart) -> Element {
    count += 1
    let number = count
    switch part {
    case .step(let step): return .node(id: "s\(number)", step)
    case .group(let group):
      switch group.content {
      case .sequence(let sequence):
        return .frame(id: "g\(number)", group, add(sequence, entries: []).elements)
      case .branches(let branches):
        return .frame(id: "g\(number)", group, branches.map { add(.group($0)) })
      }
    }
  }
}
