struct JSONWriter {
  var text = ""
  init(secrets: JSON.Secrecy, style: JSON.Style) {}
  mutating func write(_ value: Value) {}
}
