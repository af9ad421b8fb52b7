import Events
import Expressions
import Operations
import Planning
import Playbooks

/// Reading what there is of the thing that an ensured call is about.
struct Ensuring: Sendable {
  /// What the reads are for.
  enum Purpose: Sendable {
    /// Whether anything is to be done.
    case deciding
    /// Whether the thing is as asked although the service refused to make it so.
    case confirming(WorkFailure)
    /// Whether what was done shows.
    case verifying

    var isDeciding: Bool {
      if case .deciding = self { true } else { false }
    }
  }

  var purpose: Purpose
  let lookup: Lookup
  let read: Operation
  /// What is asked of each read, without the page.
  let fields: ValueMap
  /// What the call asks for.
  let arguments: ValueMap
  /// Since when it is read for this purpose.
  let startedAt: Moment
  var search: LookupSearch
  /// The refusal of the read that would say that there is no such thing, while another read is to show
  /// whether that is so.
  var doubtedRefusal: Failure?
  /// Why the latest read gave nothing.
  var problem: String?

  init(
    _ purpose: Purpose, _ lookup: Lookup, by read: Operation, _ fields: ValueMap,
    for arguments: ValueMap, at moment: Moment
  ) {
    self.purpose = purpose
    self.lookup = lookup
    self.read = read
    self.fields = fields
    self.arguments = arguments
    startedAt = moment
    search = LookupSearch(lookup, for: arguments)
  }

  /// Begins with the first page again.
  mutating func beginAgain() { search = LookupSearch(lookup, for: arguments) }
}

extension RunMachine {
  /// What is asked of the read of `lookup` about a call with `arguments`, in the session of the step;
  /// nil when the read needs more than is known.
  mutating func fields(
    of read: Operation, _ lookup: Lookup, for arguments: ValueMap, _ node: Node, _ step: StepState
  ) -> ValueMap? {
    let session = try? sessions.session(for: step.step.modifiers.session, in: node.scope, &kernel)
    let username = session.flatMap { sessions[$0]?.username }
    // To ask for an application may spend its refresh token, which must be recorded.
    if guidance.isInquiry, session != nil, username == nil { return nil }
    return lookup.fields(of: read, for: arguments, username: username)
  }
}

extension RunMachine {
  /// The time for another read of a thing has come.
  mutating func readAgain(_ id: NodeID) {
    guard works.inquiry(of: id) == nil else { return readForInquiry(id) }
    guard let step = kernel.tree.step(id)?.rules as? EnsureStep else { return }
    step.readAgain(id, in: &self)
  }
}
