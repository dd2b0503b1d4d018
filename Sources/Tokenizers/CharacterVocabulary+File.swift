// A vocabulary of characters as the file that Hugging Face's libraries read: byte-pair encoding without pairs.
import JSON

extension CharacterVocabulary {
    /// The text of a `tokenizer.json`. The same characters give the same bytes.
    public var tokenizerJSON: String {
        let entries = characters.enumerated().map { id, character in
            "      \(JSONText.string(String(Character(character)))): \(id)"
        }
        return """
            {
              "version": "1.0",
              "truncation": null,
              "padding": null,
              "added_tokens": [],
              "normalizer": null,
              "pre_tokenizer": null,
              "post_processor": null,
              "decoder": {
                "type": "Fuse"
              },
              "model": {
                "type": "BPE",
                "vocab": {
            \(entries.joined(separator: ",\n"))
                },
                "merges": []
              }
            }

            """
    }
}
