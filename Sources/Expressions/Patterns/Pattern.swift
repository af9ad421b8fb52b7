struct Pattern {
  init(_ text: String) throws(Failure) {}
  func matches(_ text: String, meter: inout Meter) throws(Failure) -> Bool { false }
}
