/// A mixture of faults that has a name.
package enum FaultPreset: String, Sendable, Hashable, CaseIterable {
  /// No fault.
  case noFaults = "none"
  /// What a service has on a bad day.
  case light
  /// Far more than any service should have.
  case heavy

  /// The entries that the name stands for.
  package var expansion: String {
    switch self {
    case .noFaults: ""
    case .light:
      "reset-before=0.5%,reset-after=0.5%,half=0.5%,too-many=1%:1s,unavailable=1%:1s,"
        + "slow=2%:500ms,drop=0.5%,lose=1%,double=2%,reorder=2%:100ms,late=2%:500ms,pending=5%,"
        + "expire=0.5%,lag=5%:500ms,restart=0.05%:200ms"
    case .heavy:
      "reset-before=3%,reset-after=3%,half=2%,too-many=4%:2s,unavailable=3%:1s,slow=5%:2s,"
        + "drop=2%,lose=8%,double=8%,reorder=8%:300ms,late=8%:3s,pending=20%,expire=3%,"
        + "lag=20%:1s,restart=0.3%:1s"
    }
  }
}
