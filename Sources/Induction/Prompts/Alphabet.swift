// Lists of words that prompts in text are made of. Each is one token in GPT-2's and Pythia's vocabularies, and all
// are in the vocabulary of the bundled models.

/// A list of words.
public enum Alphabet: String, Sendable, CaseIterable {
    /// A to Z.
    case letters
    /// 0 to 9.
    case numbers
    /// First names.
    case names
    /// Common words.
    case words

    /// The words, in a fixed order.
    public var members: [String] {
        switch self {
        case .letters: (UInt8(ascii: "A")...UInt8(ascii: "Z")).map { String(UnicodeScalar($0)) }
        case .numbers: (0...9).map(String.init)
        case .names: Self.list(Self.nameText)
        case .words: Self.list(Self.wordText)
        }
    }

    private static func list(_ text: String) -> [String] { text.split(separator: " ").map(String.init) }

    private static let nameText = """
        Mary John Anna Tom Sarah James Emma Peter Laura Paul Kate Mark Alice David Julia Robert Susan Michael Helen \
        George Linda Martin Diana Simon Rachel Henry Maria Frank Karen Daniel
        """

    private static let wordText = """
        time year day man world life hand part child eye woman place work week case point company number group problem \
        fact water house book car city name team door table king horse river bird tree stone light music paper glass \
        green blue red black white cold hot big small old new good long high
        """
}
