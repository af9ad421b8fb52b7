import Diagnostics
import OrderedCollections
import Playbooks

/// Every step id of one file, and where it stands.
struct StepIndex: Sendable {
  /// One branch of one `parallel` step.
  struct BranchName: Sendable, Hashable {
    let parallel: SourceLocation
    let name: String
  }

  /// A stretch of the file whose steps are seen only inside it.
  struct Enclosure: Sendable, Hashable {
    enum Kind: String, Sendable {
      case loop = "`for-each`"
      case rescue = "`rescue`"
      case always = "`always`"
      case undo = "`undo`"
    }

    let kind: Kind
    /// Where the step stands that it belongs to.
    let step: SourceLocation
  }

  struct Place: Sendable {
    let location: SourceLocation
    /// The enclosures around the step, outermost first.
    let enclosures: [Enclosure]
    /// The branches around the step, outermost first.
    let branches: [BranchName]
  }

  private(set) var places: OrderedDictionary<String, Place> = [:]
  /// The ids that are given more than once, as a diagnostic says: it is not known which one is meant.
  private(set) var ambiguous: Set<String> = []
  /// The ids whose innermost enclosure this is, in the order of the file.
  private var members: [Enclosure: [String]] = [:]

  init(of steps: [Step]) {
    add(steps, enclosures: [], branches: [])
  }

  /// The ids of the steps that are seen where `enclosure` ends, and nowhere outside it.
  func members(of enclosure: Enclosure) -> [String] {
    members[enclosure] ?? []
  }

  private mutating func add(
    _ steps: [Step], enclosures: [Enclosure], branches: [BranchName]
  ) {
    for step in steps {
      note(step, enclosures, branches)
      func inside(_ kind: Enclosure.Kind) -> [Enclosure] {
        enclosures + [Enclosure(kind: kind, step: step.location)]
      }
      switch step.kind {
      case .call, .play, .assert, .wait, .approve, .unreadable: break
      case .forEach(let loop): add(loop.steps, enclosures: inside(.loop), branches: branches)
      case .block(let steps): add(steps, enclosures: enclosures, branches: branches)
      case .parallel(let parallel):
        for (name, branch) in parallel {
          let name = BranchName(parallel: step.location, name: name)
          add(branch.steps, enclosures: enclosures, branches: branches + [name])
        }
      }
      add(step.modifiers.rescue, enclosures: inside(.rescue), branches: branches)
      add(step.modifiers.always, enclosures: inside(.always), branches: branches)
      add(step.modifiers.undo?.steps ?? [], enclosures: inside(.undo), branches: branches)
    }
  }

  private mutating func note(_ step: Step, _ enclosures: [Enclosure], _ branches: [BranchName]) {
    guard let id = step.id else { return }
    guard places[id] == nil else {
      ambiguous.insert(id)
      return
    }
    places[id] = Place(location: step.location, enclosures: enclosures, branches: branches)
    if let innermost = enclosures.last { members[innermost, default: []].append(id) }
  }
}
