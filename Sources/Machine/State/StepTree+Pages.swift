import Events
import Expressions
import Planning

/// What a `for-each` goes through: a value, or pages that are read before its first round.
extension StepTree {
  mutating func beginLoop(_ loop: PlannedLoop, _ id: NodeID, within settings: RunSettings) {
    guard let node = nodes[id], let step = step(id) else { return }
    switch loop.items {
    case .value(let items):
      guard let elements = try? elements(of: items, in: node.scope, within: settings) else {
        return
      }
      groups[id] = GroupState(.forEach(loop, elements), keeping: step.rounds)
    case .pages(let pages):
      guard case .page(let next) = step.pages.rest else { return beginRounds(of: loop, id) }
      let scope = addScope(inside: node.scope, variables: [PlannedPages.nextName: next])
      groups[id] = GroupState(
        .pages(PageReading(loop: loop, pages: pages, scope: scope, limits: settings.steps)))
      let first = pages.step(ofPage: step.pages.count + 1)
      addMember(0, of: id, at: node.path, in: scope, [first])
    }
  }

  /// All pages are read: the rounds may begin.
  private mutating func beginRounds(of loop: PlannedLoop, _ id: NodeID) {
    guard let step = step(id) else { return }
    groups[id] = GroupState(
      .forEach(loop, LoopElements(step.pages.elements)), keeping: step.rounds)
  }

  /// The loop whose pages the sequence `id` reads, with the pages; nil for another sequence.
  func pageReading(in id: NodeID) -> (loop: NodeID, reading: PageReading)? {
    guard let loop = nodes[id]?.parent, case .pages(let reading)? = groups[loop]?.kind,
      groups[loop]?.running[id] != nil
    else { return nil }
    return (loop, reading)
  }

  /// The call of a page ended: the next page follows, or the reading is over.
  mutating func endPage(
    _ ending: Ending, in id: NodeID, _ sequence: SequenceState, of loop: NodeID,
    _ reading: PageReading
  ) {
    var sequence = sequence
    sequence.current = nil
    nodes[id]?.content = .sequence(sequence)
    guard ending.allowsContinuation else { return end(id, ending) }
    do throws(Failure) {
      try take(ending.result.value, of: loop, reading)
    } catch {
      let failed = Ending(StepResult(outcome: .failed, failure: error), origin: nodes[loop]?.path)
      return end(id, failed)
    }
    guard let progress = step(loop)?.pages, case .page(let next) = progress.rest else {
      return end(id, .succeeded)
    }
    guard !sequence.isStopped else { return end(id, .cancelled) }
    scopes[reading.scope]?.variables[PlannedPages.nextName] = next
    let step = reading.pages.step(ofPage: progress.count + 1)
    nodes[id]?.content = .sequence(
      SequenceState(steps: [step], role: sequence.role))
    consequences.append(.sequenceContinues(id))
  }

  private mutating func take(
    _ answer: Value, of loop: NodeID, _ reading: PageReading
  ) throws(Failure) {
    let names = [PlannedPages.answerName: answer]
    let items = try evaluate(reading.pages.items, in: reading.scope, binding: names)
    let next = try evaluate(reading.pages.next, in: reading.scope, binding: names)
    var failure: Failure?
    update(loop) { step in
      do throws(Failure) {
        try step.pages.add(
          items.withoutAttributes, next: next.withoutAttributes, of: reading.pages,
          within: reading.limits)
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
  }

  /// The reading is over; what it ended with is noted in the group.
  mutating func endPages(_ reading: PageReading, of id: NodeID) {
    drop(reading.scope)
    guard case .nothing? = step(id)?.pages.rest else { return }
    beginRounds(of: reading.loop, id)
  }
}
