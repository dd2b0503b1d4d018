// Why drawing was not possible: nothing could be drawn at all (`FigureRendererError`), or one picture could
// not (`DrawingFailure`). Neither is a failure of the analysis: the specifications are complete without
// pictures.

import Foundation

/// Why no figure could be drawn.
public enum FigureRendererError: Error, Equatable, Sendable {
    /// There is no Python in the places looked at.
    case pythonNotFound(searched: [String])
    /// `INDUCT_PYTHON` names something that is not an executable file.
    case variableNotExecutable(path: String)
    /// The Python that was found could not be started.
    case pythonNotStarted(path: String, reason: String)
    /// The Python runs but cannot import vl_convert.
    case vlConvertMissing(python: String, detail: String)
    /// The Python has a vl_convert without Vega-Lite 6.
    case vlConvertUnsuitable(python: String, version: String)
    /// The program ended, or went on without end, before it said that it was ready.
    case noAnswer(python: String, ending: String, errors: String)
    /// A figure could not be written as JSON.
    case notEncodable(figure: String, detail: String)
}

extension FigureRendererError: CustomStringConvertible {
    /// One paragraph: what was found, what was expected, what to do.
    public var description: String {
        let setUp = "Run `make setup`, or set INDUCT_PYTHON to a Python that has vl-convert-python."
        switch self {
        case .pythonNotFound(let searched):
            return """
                Figures were not drawn: no Python with vl-convert was found. INDUCT_PYTHON is not set, and there \
                is no .deps/venv/bin/python in \(searched.joined(separator: ", ")) or any directory above. \(setUp)
                """
        case .variableNotExecutable(let path):
            return """
                Figures were not drawn: INDUCT_PYTHON is "\(path)", which is not an executable file. Set it to the \
                path of a Python that has vl-convert-python, or unset it to use the one of `make setup`.
                """
        case .pythonNotStarted(let path, let reason):
            return "Figures were not drawn: \(path) could not be started (\(reason)). \(setUp)"
        case .vlConvertMissing(let python, let detail):
            return """
                Figures were not drawn: \(python) cannot import vl_convert (\(detail)). Install it there with \
                `\(python) -m pip install vl-convert-python`, or run `make setup`.
                """
        case .vlConvertUnsuitable(let python, let version):
            return """
                Figures were not drawn: vl_convert \(version) of \(python) does not know Vega-Lite 6. Install \
                vl-convert-python 1.9 or later there, or run `make setup`.
                """
        case .noAnswer(let python, let ending, let errors):
            let said = errors.isEmpty ? "It printed no error." : "Its last words: \"\(errors)\"."
            return "Figures were not drawn: \(python) \(ending) before it was ready to draw. \(said) \(setUp)"
        case .notEncodable(let figure, let detail):
            return
                "Figures were not drawn: the figure \"\(figure)\" could not be written as JSON (\(detail))."
        }
    }
}

/// Why one picture of a batch is missing.
public struct DrawingFailure: Error, Equatable, Sendable {
    /// What went wrong.
    public enum Reason: Equatable, Sendable {
        /// Vega refused the specification or failed to draw it.
        case refused(String)
        /// The drawing program ended before this picture; with how, and the end of its standard error.
        case ended(String, errors: String)
        /// The time for the batch was up before this picture.
        case timedOut(seconds: Double)
    }

    /// The name of the figure, as asked for.
    public var figure: String
    /// The format of the missing picture.
    public var format: FigureFormat
    /// What went wrong.
    public var reason: Reason
}

extension DrawingFailure: CustomStringConvertible {
    /// One paragraph: which picture, what happened, what to do.
    public var description: String {
        let picture = "The figure \"\(figure)\" was not drawn as \(format.rawValue.uppercased())"
        switch reason {
        case .refused(let detail):
            return "\(picture): \(detail)"
        case .ended(let ending, let errors):
            let said = errors.isEmpty ? "It printed no error." : "Its last words: \"\(errors)\"."
            return "\(picture): the drawing program \(ending) first. \(said)"
        case .timedOut(let seconds):
            let time = seconds == seconds.rounded() ? String(Int(seconds)) : String(seconds)
            return
                "\(picture): the \(time) seconds for the batch were over. Draw fewer or smaller figures at a time."
        }
    }
}
