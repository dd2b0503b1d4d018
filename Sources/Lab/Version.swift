// The version that receipts and `induct --version` say.

/// The version of this program.
public let inductVersion = "0.1.0"
