import Serving
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(20))) struct FileWatchTests {
  @Test func `a request is answered by a look that begins after it`() async throws {
    let folder = try ScratchFolder()
    let (requests, request) = AsyncStream.makeStream(of: Void.self)
    let (events, event) = AsyncStream.makeStream(of: FileWatch.Event.self)
    let watch = FileWatch(
      ServedFiles([folder.path], environment: ServedEnvironment(define: SampleRollouts.define)),
      clock: DaemonClock(
        now: { SampleDaemon.now }, uptime: { .zero },
        sleep: { _ in try await Task.sleep(for: .seconds(3600)) }),
      requests: requests
    ) { event.yield($0) }
    let running = Task { try await watch.run() }
    var seen: [String] = []
    for await event in events {
      switch event {
      case .reloading: seen.append("reloading")
      case .reloaded: seen.append("reloaded")
      case .looked(let scan, let patience): seen.append("\(patience) \(scan.served.map(\.name))")
      }
      if seen.count == 1 {
        try folder.write("rollout: a\nschedule: 60\n", to: "a.yaml")
        request.yield()
      }
      if seen.count == 4 { break }
    }
    running.cancel()
    try await running.value
    #expect(seen == ["immediate []", "reloading", #"immediate ["a"]"#, "reloaded"])
  }
}
