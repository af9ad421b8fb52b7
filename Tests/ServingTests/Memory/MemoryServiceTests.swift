import Operations
import Synchronization
import Testing

@testable import Serving

/// What a daemon gives back of its memory.
@Suite struct MemoryServiceTests {
  @Test func `only pages of files that are mapped for this process alone are given back`() {
    let maps = """
      557a38ee7000-557a3cb81000 r-xp 00000000 fe:00 16290675                   /opt/my bin/privirun
      557a3cb81000-557a3ccf6000 r--p 03c99000 fe:00 16290675                   /opt/my bin/privirun
      557a3d000000-557a3d100000 rw-p 00000000 00:00 0                          [heap]
      7f0000000000-7f0000001000 rw-p 00000000 00:00 0
      7f0000001000-7f0000002000 rw-s 00000000 fe:00 16290676                   /srv/journal.sqlite-shm
      7f0000002000-7f0000003000 r-xp 00000000 fe:00 16290677                   /usr/lib/libc.so.6
      7f0000003000-7f0000003000 r-xp 00000000 fe:00 16290677                   /usr/lib/libc.so.6

      """
    #expect(
      UnusedMemory.programMappings(in: maps) == [
        .init(range: 0x557a_38ee_7000..<0x557a_3cb8_1000, isCode: true),
        .init(range: 0x557a_3cb8_1000..<0x557a_3ccf_6000, isCode: false),
        .init(range: 0x7f00_0000_2000..<0x7f00_0000_3000, isCode: true),
      ])
  }

  @Test func `memory is given back after the start, and then each minute`() async throws {
    let slept = Mutex<[Duration]>([])
    let released = Mutex(0)
    let service = MemoryService(
      sleep: { duration in
        slept.withLock { $0.append(duration) }
        if slept.withLock({ $0.count }) > 3 { throw CancellationError() }
      }, release: { released.withLock { $0 += 1 } })
    try await service.run()
    #expect(slept.withLock { $0 } == [.seconds(5), .seconds(60), .seconds(60), .seconds(60)])
    #expect(released.withLock { $0 } == 3)
  }

  @Test func `a process goes on after it gave its memory back`() {
    UnusedMemory.release()
    #expect(ProcessUsage.current() != nil)
  }
}
