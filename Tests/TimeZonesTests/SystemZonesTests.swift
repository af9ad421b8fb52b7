import Testing
import TimeZones

/// The zones of the machine that runs the tests.
@Suite struct SystemZonesTests {
  @Test func `every zone of the system can be read`() {
    let database = TimeZoneDatabase.system
    let names = database.names()
    #expect(names.count > 400)
    #expect(names.filter { database.rules($0) == nil } == [])
  }
}
