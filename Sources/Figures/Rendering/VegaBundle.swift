// The script with which pages draw figures. vl-convert has it inside; `make setup` writes it.

public import Foundation

/// Vega, Vega-Lite and vega-embed in one script, which sets `window.vegaEmbed`.
public enum VegaBundle {
    /// The file; nil where set-up was not run.
    public static func located() -> URL? {
        SetUpFiles.first(".deps/vega.js", from: SetUpFiles.start) {
            FileManager.default.isReadableFile(atPath: $0.path(percentEncoded: false))
        }
    }
}
