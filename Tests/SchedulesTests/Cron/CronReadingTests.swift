import Diagnostics
import Schedules
import Testing

/// What is said about cron expressions that are wrong.
@Suite struct CronReadingTests {
  /// The part of the text that a flaw is about, and what is said.
  private static func words(_ text: String) -> [String] {
    CronReading(of: text).flaws.map { flaw in
      let scalars = Array(text.unicodeScalars)
      let end = min(scalars.count, flaw.offset + flaw.length)
      let part = String(String.UnicodeScalarView(scalars[flaw.offset..<end]))
      let hint = flaw.hint.map { " (\($0))" } ?? ""
      return "\(flaw.code.rawValue) “\(part)”: \(flaw.message)\(hint)"
    }
  }

  private static let fields =
    " (minute, hour, day of the month, month, day of the week: `0 3 * * MON`)"

  @Test(arguments: [
    ("", "invalid-cron “”: a cron expression has five fields, not 0\(fields)"),
    ("0 3 * *", "invalid-cron “0 3 * *”: a cron expression has five fields, not 4\(fields)"),
    (
      "0 0 3 * * MON",
      "invalid-cron “0 0 3 * * MON”: a cron expression has five fields, not 6 (there is none for "
        + "seconds or years; for seconds, use `every`)"
    ),
    (
      "0 3 * * 8",
      "out-of-range “8”: `8` is not a day of the week (days of the week are from 0 to 6, or from "
        + "`SUN` to `SAT`)"
    ),
    ("60 3 * * *", "out-of-range “60”: `60` is not a minute (minutes are from 0 to 59)"),
    ("0 24 * * *", "out-of-range “24”: `24` is not an hour (hours are from 0 to 23)"),
    ("0 -1 * * *", "invalid-cron “-1”: a value is missing in `-1` (for example `0-23`)"),
    (
      "0 0 32 * *",
      "out-of-range “32”: `32` is not a day of the month (days of the month are from 1 to 31)"
    ),
    (
      "0 0 * 0 *",
      "out-of-range “0”: `0` is not a month (months are from 1 to 12, or from `JAN` to `DEC`)"
    ),
    ("0 0 * NOW *", "invalid-cron “NOW”: `NOW` is not a month (did you mean `NOV`?)"),
    (
      "0 0 * * Sunday",
      "invalid-cron “Sunday”: `Sunday` is not a day of the week (did you mean `SUN`?)"
    ),
    (
      "0 0 MON * *",
      "invalid-cron “MON”: `MON` is not a day of the month (days of the month are from 1 to 31)"
    ),
    ("*/0 * * * *", "out-of-range “0”: a step of minutes must be from 1 to 59, not 0"),
    (
      "*/90 * * * *",
      "out-of-range “90”: a step of minutes must be from 1 to 59, not 90 (for longer intervals, use "
        + "`every: 90m`)"
    ),
    (
      "*/120 * * * *",
      "out-of-range “120”: a step of minutes must be from 1 to 59, not 120 (for longer intervals, "
        + "use `every: 2h`)"
    ),
    (
      "0 */36 * * *",
      "out-of-range “36”: a step of hours must be from 1 to 23, not 36 (for longer intervals, use "
        + "`every: 36h`)"
    ),
    ("0 0 */31 * *", "out-of-range “31”: a step of days of the month must be from 1 to 30, not 31"),
    ("0 0 * */12 *", "out-of-range “12”: a step of months must be from 1 to 11, not 12"),
    ("0 0 * * */7", "out-of-range “7”: a step of days of the week must be from 1 to 6, not 7"),
    ("*/ * * * *", "invalid-cron “ ”: a step is missing behind `/` (for example `*/5`)"),
    ("*/x * * * *", "invalid-cron “x”: `x` is not a step (for example `*/5`)"),
    ("/5 * * * *", "invalid-cron “/”: a value is missing in the minute (for example `*/5`)"),
    ("1/2/3 * * * *", "invalid-cron “1/2/3”: `1/2/3` has more than one step"),
    ("1,,2 * * * *", "invalid-cron “,”: a value is missing in the minute"),
    ("1, * * * *", "invalid-cron “ ”: a value is missing in the minute"),
    ("1-2-3 * * * *", "invalid-cron “1-2-3”: `1-2-3` is not a range (for example `1-5`)"),
    (
      "0 22-2 * * *",
      "invalid-cron “22-2”: the range `22-2` runs backwards (write two: `22-23,0-2`)"
    ),
    (
      "0 0 * NOV-FEB *",
      "invalid-cron “NOV-FEB”: the range `NOV-FEB` runs backwards (write two: `11-12,1-2`)"
    ),
    ("0 0 ? * *", "invalid-cron “?”: `?` is not supported (write `*`)"),
    (
      "H 0 * * *",
      "invalid-cron “H”: `H` is not supported (write a number; `jitter` spreads starts)"
    ),
    (
      "0 0 15W * *",
      "invalid-cron “15W”: `15W` (the nearest weekday) is not supported (name days of the week, such "
        + "as `MON-FRI`)"
    ),
    (
      "0 0 LW * *",
      "invalid-cron “LW”: `LW` (the nearest weekday) is not supported (name days of the week, such "
        + "as `MON-FRI`)"
    ),
    (
      "0 0 L-31 * *",
      "invalid-cron “L-31”: `L-31` is not a day of the month (`L` is the last day, and `L-3` the "
        + "third day before it, up to `L-30`)"
    ),
    (
      "0 0 * * L",
      "invalid-cron “L”: `L` needs a day of the week (`5L` or `FRIL` is the last Friday of a month)"
    ),
    (
      "0 0 * * 8L",
      "out-of-range “8”: `8` is not a day of the week (days of the week are from 0 to 6, or from "
        + "`SUN` to `SAT`)"
    ),
    (
      "0 L * * *",
      "invalid-cron “L”: `L` goes with days only (`0 3 L * *` is due on the last day of each month)"
    ),
    (
      "0 0 L/2 * *",
      "invalid-cron “L”: a step cannot follow `L` (it goes with `*`, a value or a range)"
    ),
    (
      "0 0 * * MON#2/2",
      "invalid-cron “MON#2”: a step cannot follow `MON#2` (it goes with `*`, a value or a range)"
    ),
    (
      "0 0 * * MON#0",
      "invalid-cron “MON#0”: `MON#0` is not a day of the week (`MON#2` is the second Monday of a "
        + "month; numbers are from 1 to 5)"
    ),
    (
      "0 0 1#2 * *",
      "invalid-cron “1#2”: `#` goes with days of the week only (`0 3 * * MON#2` is due on the second "
        + "Monday of each month)"
    ),
    (
      "@reboot",
      "invalid-cron “@reboot”: `@reboot` names no cron expression (nothing is due when a machine "
        + "starts: write a time, such as `@daily`)"
    ),
    ("@dayly", "invalid-cron “@dayly”: `@dayly` names no cron expression (did you mean `@daily`?)"),
    (
      "@now",
      "invalid-cron “@now”: `@now` names no cron expression (the names are `@hourly`, `@daily`, "
        + "`@midnight`, `@weekly`, `@monthly`, `@yearly`, `@annually`)"
    ),
    (
      "CRON_TZ=Europe/Stockholm 0 3 * * *",
      "invalid-cron “CRON_TZ=Europe/Stockholm”: a cron expression has no time zone (write it beside "
        + "`cron`: `timezone: Europe/Stockholm`)"
    ),
    (
      "TZ=UTC @daily",
      "invalid-cron “TZ=UTC”: a cron expression has no time zone (write it beside `cron`: "
        + "`timezone: UTC`)"
    ),
    (
      "0 0 * * SUN#L",
      "invalid-cron “SUN#L”: `SUN#L` is not a day of the week (the last one of a month is `SUNL`)"
    ),
    (
      "0 0 * * MON-FRI#2",
      "invalid-cron “MON-FRI#2”: `#2` goes with one day, not with the range `MON-FRI` (write each "
        + "day, such as `MON#2,FRI#2`)"
    ),
    (
      "0 0 * * 1-5L",
      "invalid-cron “1-5L”: `L` goes with one day, not with the range `1-5` (write each day, such as "
        + "`1L,5L`)"
    ),
    ("0 0 31 2 *", "never-due “31 2 *”: no month of this expression has such a day"),
    (
      "0 0 31 4,JUN-JUN,9,11 *",
      "never-due “31 4,JUN-JUN,9,11 *”: no month of this expression has such a day"
    ),
    ("0 0 L-29 2 *", "never-due “L-29 2 *”: no month of this expression has such a day"),
    (
      "٣ 0 * * *",
      "invalid-cron “٣”: `٣` is not a minute (minutes are from 0 to 59)"
    ),
    (
      "9999999 0 * * *",
      "invalid-cron “9999999”: `9999999` is not a minute (minutes are from 0 to 59)"
    ),
  ])
  func `a wrong expression is refused where it is wrong`(text: String, expected: String) {
    #expect(Self.words(text) == [expected])
    #expect(CronExpression(text) == nil)
  }

  @Test func `all flaws are reported at once, in order`() {
    let flaws = CronReading(of: "60 3,24 0 * SUNN").flaws
    #expect(flaws.map(\.offset) == [0, 5, 8, 12])
    #expect(flaws.map(\.length) == [2, 2, 1, 4])
  }

  @Test(arguments: [
    "0 3 * * MON", "  0\t3  * * 1 ", "*/1 * * * *", "0 3 29 2 *", "0 0 31 2 MON", "0 0 L * *",
    "0 0 L-30 * *", "0 0 l * fril", "0 0 * feb mon#5", "0 0 * * 7#1", "0 0 * * SAT-SUN",
    "5/15 * * * *", "59/59 23/23 31/30 DEC/11 6/6", "@WEEKLY", "*,5 * * * *", "007 0 * * *",
  ])
  func `a good expression is read, and keeps its text`(text: String) throws {
    #expect(CronReading(of: text).flaws == [])
    #expect(try #require(CronExpression(text)).text == text)
  }

  @Test func `any text is read or refused within its bounds`() {
    let pieces = [
      "0", "3", "*", "-", "/", ",", "L", "#", "W", "?", "MON", "JAN", "@", " ", " ", "é", "99",
    ]
    // Every text of up to four pieces in each field of an expression.
    for field in 0..<5 {
      for first in pieces {
        for second in pieces {
          for third in pieces {
            var fields = ["0", "0", "*", "*", "*"]
            fields[field] = first + second + third
            let text = fields.joined(separator: " ")
            let reading = CronReading(of: text)
            #expect((reading.expression == nil) == !reading.flaws.isEmpty, "\(text)")
            let count = text.unicodeScalars.count
            let isWithin = reading.flaws.allSatisfy {
              $0.offset >= 0 && $0.length >= 1 && $0.offset + $0.length <= count + 1
            }
            #expect(isWithin, "\(text)")
          }
        }
      }
    }
  }
}
