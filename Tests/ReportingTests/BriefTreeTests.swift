import EventSamples
import Events
import Operations
import Testing

@testable import Reporting

/// A tree that is drawn while its run goes on.
struct BriefTreeTests {
  private static func path(_ round: Int, _ ids: String...) -> StepPath {
    StepPath(
      components: [.step("each"), .iteration(round)] + ids.map { .step($0) })
  }

  private static func start(_ path: StepPath, _ kind: StepSummary.Kind) -> RunEvent.Kind {
    .stepStarted(path, StepSummary(kind: kind, title: "t"))
  }

  private static func end(
    _ path: StepPath, _ outcome: Outcome = .succeeded, notice: String? = nil
  ) -> RunEvent.Kind {
    .stepFinished(path, StepResult(outcome: outcome, notice: notice))
  }

  /// Rounds of a play with two steps each; in the last one the second step fails.
  private static func events(rounds: Int) -> [RunEvent] {
    let each = StepPath(components: [.step("each")])
    var kinds = [start(each, .forEach)]
    for round in 0..<rounds {
      let fails = round == rounds - 1
      let (tenant, first) = (path(round, "tenant"), path(round, "tenant", "a"))
      let second = path(round, "tenant", "b")
      kinds += [
        start(tenant, .play), start(first, .call), end(first, notice: "note \(round / 1000)"),
        start(second, .call), end(second, fails ? .failed : .skipped),
        end(tenant, fails ? .failed : .succeeded),
      ]
    }
    kinds.append(end(each, .failed))
    return kinds.enumerated().map { number, kind in
      RunEvent(sequence: number, at: Moment(nanoseconds: Int64(number)), kind: kind)
    }
  }

  @Test(arguments: [3, 4000])
  func `a brief tree says the same as a whole one, and stays small`(rounds: Int) throws {
    var brief = RunTree(isBrief: true)
    var whole = RunTree()
    for event in Self.events(rounds: rounds) {
      brief.apply(event)
      whole.apply(event)
    }
    #expect(brief.countsText == whole.countsText)
    #expect(brief.notices.sorted() == whole.notices.sorted())
    #expect(brief.placesAtWork == whole.placesAtWork)
    let last = Self.path(rounds - 1, "tenant", "b")
    #expect(brief.node(at: last)?.result == whole.node(at: last)?.result)
    #expect(whole.nodes.count == 1 + 4 * rounds)
    #expect(brief.nodes.count == min(1 + 4 * rounds, 10_501))
  }
}
