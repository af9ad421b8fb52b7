import Expressions
import Machine
import Testing

@Suite("Settings of a run")
struct RunSettingsTests {
  @Test func `they come back as they were recorded`() {
    var settings = RunSettings()
    settings.stopping.cancelGrace = .milliseconds(1500)
    settings.steps.iterationLimit = 7
    settings.asksForVoteSlots = true
    settings.plans.isMade = true
    settings.plans.hidesStart = true
    #expect(RunSettings(recorded: settings.recorded) == settings)
  }

  /// What is off by default, such as all of `plans`, is recorded only where it is on.
  @Test func `each of the limits is recorded`() {
    let groups = Mirror(reflecting: RunSettings()).children.filter { !($0.value is PlanSettings) }
    let counts = groups.map { Mirror(reflecting: $0.value).children.count }
    #expect(RunSettings().recorded.names.count == counts.reduce(0, +))
  }

  /// Journals hold these names, so they stay when properties move or are renamed.
  @Test func `their recorded names stay as they are, and in order`() {
    #expect(
      Array(RunSettings().recorded.names) == [
        "attemptTimeout", "conditionTimeout", "sendLimit", "joinTimeout", "leaveTimeout",
        "revokeTimeout", "renewalMargin", "quietInterval", "rarePollInterval",
        "firstPollInterval", "pollInterval", "unknownCommandGrace", "cancelGrace",
        "reconnectPause", "maximumReconnectPause", "oversleptLateness", "oversleptGrace",
        "defaultBackoff", "maximumRetryAfter", "silenceInterval", "silenceReportInterval",
        "lookupInterval", "lookupAbsence", "lookupAbsenceOfMany", "lookupLimit", "lookupLag",
        "longWait", "longestWaitInterval", "lookupUnsettled", "undoTimeout",
        "dataRequestLimit", "reconnectLimit", "defaultAttempts", "earlyAckLimit",
        "iterationLimit", "pageLimit",
      ])
  }

  @Test func `what a record does not hold is the default, and what is unknown is passed over`() {
    #expect(RunSettings(recorded: [:]) == RunSettings())
    #expect(RunSettings(recorded: ["later": 1, "cancelGrace": "long"]) == RunSettings())
  }
}
