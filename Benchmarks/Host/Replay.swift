import Events
import Expressions
import Journaling
import Machine
import Operations
import Planning

/// Reading the events of a long run and folding them into its state, as `resume` does.
enum Replay {
  private static let path = "replay.sqlite"

  /// The inputs of a run that is longer than any that is recorded.
  private static let inputs: ValueMap = {
    let numbers = Value.list((0..<2000).map { .int(Int64($0)) })
    return ["outer": numbers, "inner": numbers]
  }()

  /// Records the first `count` events of a run, those that follow from one answer in one commit.
  static func record(_ bench: Workbench, count: Int) async throws {
    var machine = try bench.machine(inputs)
    let run = machine.start.run
    let journal = try Workbench.journal(path)
    var head = JournalHead.empty
    var now = Moment(nanoseconds: 1_800_000_000_000_000_000)
    var next: RunInput? = .start
    while head.count < count, let input = next {
      now = now + .milliseconds(1)
      next = nil
      var events: [RunEvent] = []
      for action in machine.apply(input, at: now) {
        if case .record(let event) = action { events.append(event) }
        if case .exchange(let request, _) = action { next = .answered(request, answer) }
      }
      let part = JournalCommit.Part(run: run, expected: head, epoch: 0, events: events)
      guard case .committed(let heads) = await journal.commit(JournalCommit([part])) else {
        stop("the journal cannot be written")
      }
      head = heads[0]
    }
    print("recorded \(head.count) events")
  }

  private static let answer = APIResponse(status: 200, body: Array(#"{"status": "ok"}"#.utf8))

  /// Reads and folds what `record` wrote.
  static func measure(_ bench: Workbench) throws {
    let reader = try JournalReader.open(at: path)
    let run = try reader.run(matching: "latest")
    let plan = try bench.checked.plan(inputs: inputs)
    let began = ContinuousClock.now
    let events = try reader.events(of: run, secrets: .unsealed)
    let read = ContinuousClock.now
    let state = RunState(of: plan, after: events)
    let folded = ContinuousClock.now
    if let flaw = state.flaw { stop("the events are not those of a run: \(flaw)") }
    let count = Double(events.count)
    let reading = began.duration(to: read) / .seconds(1)
    let folding = read.duration(to: folded) / .seconds(1)
    print(
      "events \(events.count), read/s \((count / reading).rounded()),"
        + " folded/s \((count / folding).rounded()),"
        + " both \(rounded(reading + folding)) s, peak memory \(ProcessUsage.now.peakMemory) MB")
  }
}
