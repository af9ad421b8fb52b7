import Expressions
import Operations

/// The work of steps that a crash may lose, besides their calls.
struct Works: Sendable {
  private var actions: [NodeID: RequestID] = [:]
  private var readings: [NodeID: Reading] = [:]
  private var inquiries: [NodeID: Inquiry] = [:]
  private var ensurings: [NodeID: Ensuring] = [:]
  /// The things that steps make sure of; a step keeps its turn between two attempts.
  var things = EnsuredThings()
  /// The steps that have a place among the open votes, or asked for one; it outlives an attempt.
  private var voteSlots: [NodeID: VoteSlot] = [:]
  private var overslept: Set<NodeID> = []
  /// The files that the steps of a plan would write so far.
  var plannedFiles = PlannedFiles()

  /// An attempt begins.
  mutating func begin(_ id: NodeID) { overslept.remove(id) }

  /// The step's work is over.
  mutating func end(_ id: NodeID) {
    actions[id] = nil
    readings[id] = nil
    inquiries[id] = nil
    ensurings[id] = nil
    overslept.remove(id)
  }

  /// Whether the attempt got more time because its limit passed while the machine slept.
  func hasOverslept(_ id: NodeID) -> Bool { overslept.contains(id) }

  mutating func noteOversleeping(of id: NodeID) { overslept.insert(id) }

  /// The local action that the step waits for.
  func action(of id: NodeID) -> RequestID? { actions[id] }

  mutating func setAction(_ request: RequestID, of id: NodeID) { actions[id] = request }

  /// What is being found out about the step's request.
  func inquiry(of id: NodeID) -> Inquiry? { inquiries[id] }

  mutating func setInquiry(_ inquiry: Inquiry, of id: NodeID) { inquiries[id] = inquiry }

  /// What is being read for a call that is ensured; nil while one of its requests is in flight.
  func ensuring(of id: NodeID) -> Ensuring? { ensurings[id] }

  mutating func setEnsuring(_ ensuring: Ensuring?, of id: NodeID) { ensurings[id] = ensuring }

  /// The step's place among the open votes; nil for a step that has asked for none.
  func voteSlot(of id: NodeID) -> VoteSlot? { voteSlots[id] }

  mutating func setVoteSlot(_ slot: VoteSlot?, of id: NodeID) { voteSlots[id] = slot }

  /// The steps that wait for a place among the open votes.
  var voteSlotWaiters: Set<NodeID> { Set(voteSlots.filter { $0.value == .requested }.keys) }

  /// Whether anything is being found out.
  var hasInquiries: Bool { !inquiries.isEmpty }

  func reading(of id: NodeID) -> Reading? { readings[id] }

  mutating func setReading(_ reading: Reading, of id: NodeID) { readings[id] = reading }

  mutating func updateReading(of id: NodeID, _ change: (inout Reading) -> Void) {
    guard var reading = readings[id] else { return }
    change(&reading)
    readings[id] = reading
  }
}
