import ServiceLifecycle
import Serving
import Synchronization
import Testing

@Suite struct WatchdogServiceTests {
  private struct Enough: Error {}

  @Test func `a healthy daemon shows that it lives, twice as often as it must`() async throws {
    let folder = try ScratchFolder()
    let socket = try NoticeSocket(folder("notify"))
    let environment = ["NOTIFY_SOCKET": folder("notify"), "WATCHDOG_USEC": "3000000"]
    let slept = Mutex<[Duration]>([])
    let asked = Mutex(0)
    let service = WatchdogService(
      ServiceNotifier(environment, process: 7),
      isHealthy: {
        asked.withLock { count in
          count += 1
          // Not while it is asked for the second and third time.
          return count != 2 && count != 3
        }
      },
      sleep: { duration in
        let count = slept.withLock { slept in
          slept.append(duration)
          return slept.count
        }
        if count == 5 { throw Enough() }
      })
    try await service.run()
    #expect(slept.withLock { $0 } == Array(repeating: .milliseconds(1500), count: 5))
    #expect(socket.notices == Array(repeating: "WATCHDOG=1", count: 3))
  }

  @Test(arguments: [["WATCHDOG_USEC": "3000000"], [:]])
  func `it goes on until a graceful shutdown`(_ environment: [String: String]) async throws {
    let service = WatchdogService(
      ServiceNotifier(environment, process: 7), isHealthy: { true },
      sleep: { _ in try await Task.sleep(for: .seconds(3600)) })
    let group = ServiceGroup(
      configuration: .init(services: [.init(service: service)], logger: WrittenLines().logger()))
    try await withThrowingTaskGroup(of: Void.self) { tasks in
      tasks.addTask { try await group.run() }
      await group.triggerGracefulShutdown()
      try await tasks.waitForAll()
    }
  }
}
