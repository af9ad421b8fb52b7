import Expressions
import Machine
import Testing

@Suite("Settings of a run")
struct RunSettingsTests {
  @Test func `they come back as they were recorded`() {
    var settings = RunSettings()
    settings.cancelGrace = .milliseconds(1500)
    settings.iterationLimit = 7
    #expect(RunSettings(recorded: settings.recorded) == settings)
  }

  @Test func `each of them is recorded`() {
    #expect(RunSettings().recorded.names.count == Mirror(reflecting: RunSettings()).children.count)
  }

  @Test func `what a record does not hold is the default, and what is unknown is passed over`() {
    #expect(RunSettings(recorded: [:]) == RunSettings())
    #expect(RunSettings(recorded: ["later": 1, "cancelGrace": "long"]) == RunSettings())
  }
}
