// What is written is the shortest text that reads back as the same string.

import Testing

@testable import JSON

@Suite struct JSONTextTests {
    @Test(arguments: [
        ("", #""""#), ("plain é 漢 😀", #""plain é 漢 😀""#), ("a\"b\\c/d", #""a\"b\\c/d""#),
        ("\u{8}\u{c}\n\r\t", #""\b\f\n\r\t""#), ("\0\u{1f}\u{7f}", "\"\\u0000\\u001f\u{7f}\""),
    ])
    func strings(string: String, text: String) throws {
        #expect(JSONText.string(string) == text)
        #expect(try JSONField(parsing: Array(text.utf8), source: "text").string() == string)
    }
}
