/// The bytes that `digits` spell, two a byte; blanks between them mean nothing.
func bytes(_ digits: String) -> [UInt8] {
  let values = digits.compactMap { $0.hexDigitValue.map(UInt8.init) }
  return stride(from: 0, to: values.count - 1, by: 2).map { values[$0] << 4 | values[$0 + 1] }
}
