/// Certificates for loopback servers, valid for 100 years; the keys protect nothing but tests.
///
/// `authority` signed the other two and is trusted only where a test names it.
enum Certificates {
  /// A root of its own that no system knows.
  static let authority = """
    -----BEGIN CERTIFICATE-----
    MIIBozCCAUmgAwIBAgIUL2Svl0JH4h7bquxmI7k9adP+B88wCgYIKoZIzj0EAwIw
    HjEcMBoGA1UEAwwTTmV0d29ya2luZyB0ZXN0cyBDQTAgFw0yNjExMjQwMzEwNDNa
    GA8yMTI2MTAzMTAzMTA0M1owHjEcMBoGA1UEAwwTTmV0d29ya2luZyB0ZXN0cyBD
    QTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABBsuKbRiC7aH7xCrH+IANFswnyjP
    IEaquL2oEHuwwB/dYWuzIGDv+6QBeP12NT6u3v05mcGqU/8TQ7LLvmqKWvajYzBh
    MB0GA1UdDgQWBBRpRvtWasJBIDmESMQl03aNbLhxQjAfBgNVHSMEGDAWgBRpRvtW
    asJBIDmESMQl03aNbLhxQjAPBgNVHRMBAf8EBTADAQH/MA4GA1UdDwEB/wQEAwIC
    BDAKBggqhkjOPQQDAgNIADBFAiBr2iQhXZ3qBAzt2L1vdEA5L8YNkwttYm9bWO3V
    z1LV2gIhAMd2K6MeBe5KQAw2GOFnkSf4DTphgw7yr9EUdZ67YsAk
    -----END CERTIFICATE-----
    """

  /// For `localhost` and 127.0.0.1.
  static let loopback = """
    -----BEGIN CERTIFICATE-----
    MIIBsjCCAVmgAwIBAgIULQ/rhsGmy/XodJgMzriOqVDQ4mMwCgYIKoZIzj0EAwIw
    HjEcMBoGA1UEAwwTTmV0d29ya2luZyB0ZXN0cyBDQTAgFw0yNjExMjQwMzEwNDNa
    GA8yMTI2MTAzMTAzMTA0M1owEzERMA8GA1UEAwwIbG9vcGJhY2swWTATBgcqhkjO
    PQIBBggqhkjOPQMBBwNCAAQ9P6evDRLKOCgy2bIK6PzWSkdQugXznamn03XZFU2l
    29vZhIEKUEwhz4AwmeSX7b1xoWbNPAcHsYWmMIGmkTRio34wfDAaBgNVHREEEzAR
    gglsb2NhbGhvc3SHBH8AAAEwCQYDVR0TBAIwADATBgNVHSUEDDAKBggrBgEFBQcD
    ATAdBgNVHQ4EFgQUmCV/Q5w96yqrhSzoEyNpKGXBerYwHwYDVR0jBBgwFoAUaUb7
    VmrCQSA5hEjEJdN2jWy4cUIwCgYIKoZIzj0EAwIDRwAwRAIgUnTJ1M8H5pzhipCD
    XyKGu0YZzrGwOt3cSxQgsKqFoZUCIF7XGb6ctcdI9Qg57vdxnEObblPlzk587Pm9
    2C2X0KY9
    -----END CERTIFICATE-----
    """

  /// The key of `loopback`.
  static let loopbackKey = """
    -----BEGIN PRIVATE KEY-----
    MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg86PDeAvy8703qItn
    8+7rIh+Abwwydzfdi/+GS11MKC6hRANCAAQ9P6evDRLKOCgy2bIK6PzWSkdQugXz
    namn03XZFU2l29vZhIEKUEwhz4AwmeSX7b1xoWbNPAcHsYWmMIGmkTRi
    -----END PRIVATE KEY-----
    """

  /// For `elsewhere.invalid`.
  static let elsewhere = """
    -----BEGIN CERTIFICATE-----
    MIIBtzCCAV2gAwIBAgIULQ/rhsGmy/XodJgMzriOqVDQ4mQwCgYIKoZIzj0EAwIw
    HjEcMBoGA1UEAwwTTmV0d29ya2luZyB0ZXN0cyBDQTAgFw0yNjExMjQwMzEwNDNa
    GA8yMTI2MTAzMTAzMTA0M1owFDESMBAGA1UEAwwJZWxzZXdoZXJlMFkwEwYHKoZI
    zj0CAQYIKoZIzj0DAQcDQgAEquPOjVutJFc4iKy8tAhnr+U0HX221z04n6Ldql6K
    iIIQWWc5k8B6P3mjt+YybeKzTDEYV9hj6QZJ3ifU0jezB6OBgDB+MBwGA1UdEQQV
    MBOCEWVsc2V3aGVyZS5pbnZhbGlkMAkGA1UdEwQCMAAwEwYDVR0lBAwwCgYIKwYB
    BQUHAwEwHQYDVR0OBBYEFFq34g/fKzVc3H/TUWrO+FhGW6HqMB8GA1UdIwQYMBaA
    FGlG+1ZqwkEgOYRIxCXTdo1suHFCMAoGCCqGSM49BAMCA0gAMEUCICCKk7dJt2io
    /DdhI2b5WIHGxcGgkVNGVJXE9RPXafyTAiEAqGnLGX6ohvvwX2oZHd+0DrXmL98p
    /m6qFhAEypKs91w=
    -----END CERTIFICATE-----
    """

  /// The key of `elsewhere`.
  static let elsewhereKey = """
    -----BEGIN PRIVATE KEY-----
    MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgpik8+mGSIsqkC7tt
    ySUSlLUV1SxHxsSR8RMYHFai+D2hRANCAASq486NW60kVziIrLy0CGev5TQdfbbX
    PTifot2qXoqIghBZZzmTwHo/eaO35jJt4rNMMRhX2GPpBkneJ9TSN7MH
    -----END PRIVATE KEY-----
    """

  /// A certificate for a client, its own issuer, until 2126.
  static let client = """
    -----BEGIN CERTIFICATE-----
    MIIBqzCCAVCgAwIBAgIUK3TGuh5lhbirfXex+m5fMVG1TUswCgYIKoZIzj0EAwIw
    HzEdMBsGA1UEAwwUcHJpdmlydW4gdGVzdCBjbGllbnQwIBcNMjYxMTI4MTQ1NjU0
    WhgPMjEyNjExMDQxNDU2NTRaMB8xHTAbBgNVBAMMFHByaXZpcnVuIHRlc3QgY2xp
    ZW50MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEtYxstpQyipw9XQb5ctt/JQng
    GRecZcJUUOVL5TUZ3DZbCwciX7HTR9gufhPnJ7JPJge95H90W27rilrNWS5W36No
    MGYwHQYDVR0OBBYEFGFJ9eW0rvGfoIXcfFOHs6lwFvF/MB8GA1UdIwQYMBaAFGFJ
    9eW0rvGfoIXcfFOHs6lwFvF/MBMGA1UdJQQMMAoGCCsGAQUFBwMCMA8GA1UdEwEB
    /wQFMAMBAf8wCgYIKoZIzj0EAwIDSQAwRgIhAPLyeyBz3oJLKeMVm+LRuyrr86Ut
    EuBRvki/yenV97wnAiEA6pB1q7aPr9si+CHC1Gp7ZvgEk2ZLdUZSBrB7BEtipYs=
    -----END CERTIFICATE-----
    """
  static let clientKey = """
    -----BEGIN PRIVATE KEY-----
    MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgx9sbrZ9ydF/+JPbD
    N6TXQAUL15NzHvfKLBNoxTQyJsqhRANCAAS1jGy2lDKKnD1dBvly238lCeAZF5xl
    wlRQ5UvlNRncNlsLByJfsdNH2C5+E+cnsk8mB73kf3RbbuuKWs1ZLlbf
    -----END PRIVATE KEY-----
    """
}
