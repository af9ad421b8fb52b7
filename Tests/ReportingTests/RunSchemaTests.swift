import EventSamples
import Events
import Foundation
import Operations
import Testing

@testable import Reporting

/// The JSON of `runs` and `show` is what its schemas describe.
@Suite struct RunSchemaTests {
  private static let progress: [RunProgress] = [
    RunProgress(.running, by: .init(process: 1, host: "here"), since: SampleRun.beginning),
    RunProgress(.waiting, since: SampleRun.beginning),
    RunProgress(.interrupted, since: SampleRun.beginning), RunProgress(.damaged),
  ]

  @Test(arguments: 0...SampleRun.events.count)
  func `a run fits its schema after each of its events`(count: Int) throws {
    let schema = try SchemaCheck(named: "run.schema.json")
    let events = SampleRun.events.prefix(count)
    let states: [RunProgress?] = count == SampleRun.events.count ? [nil] : Self.progress
    for progress in states {
      for steps in [RunDetail.Steps.all, .failed] {
        let json = RunDetail(events, progress, steps: steps).json
        #expect(try schema.complaints(aboutDocument: json) == [])
      }
    }
  }

  @Test func `a run with an event of every kind fits its schema`() throws {
    let schema = try SchemaCheck(named: "run.schema.json")
    for events in [SampleRun.later, SampleRun.everything, SampleRun.all] {
      let json = RunDetail(events, RunProgress(.interrupted, since: SampleRun.beginning)).json
      #expect(try schema.complaints(aboutDocument: json) == [])
    }
  }

  private static let run = RunSummary(
    run: SampleRun.run, playbook: "p", file: "p.yaml", startedAt: SampleRun.beginning,
    lastEventAt: SampleRun.beginning, eventCount: 1)

  @Test func `a list of runs fits its schema`() throws {
    let schema = try SchemaCheck(named: "runs.schema.json")
    func complaints(_ runs: [RunSummary], _ progress: RunProgress? = nil) throws -> [String] {
      let known = progress.map { [SampleRun.run: $0] } ?? [:]
      let listing = RunListing(runs, known, at: SampleRun.beginning)
      return try schema.complaints(aboutDocument: listing.json)
    }
    #expect(try complaints([]) == [])
    for progress in Self.progress { #expect(try complaints([Self.run], progress) == []) }
    for outcome in [Outcome.succeeded, .failed, .cancelled, .inDoubt] {
      var run = Self.run
      run.outcome = outcome
      run.labels = [RunLabel(name: "tenant", value: "acme")]
      #expect(try complaints([run]) == [])
    }
  }

  @Test(arguments: [
    ("run.schema.json", #"{"version":1}"#), ("run.schema.json", #"{"version":2,"steps":[]}"#),
    ("run.schema.json", #"{"version":1,"steps":[{"step":"a"}]}"#),
    ("run.schema.json", #"{"version":1,"steps":[{"step":"a","title":"a","x":1}]}"#),
    ("runs.schema.json", #"{"version":1,"runs":[{"run":"7k2m9q0d4x1z"}]}"#),
    ("runs.schema.json", #"{"version":1,"runs":[],"x":1}"#),
  ])
  func `another document does not`(schema: String, document: String) throws {
    #expect(try SchemaCheck(named: schema).complaints(aboutDocument: document) != [])
  }
}
