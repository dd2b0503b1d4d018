// How the whole spectrum of the Hessian changes during training: its density at several steps, one ridge a step.
//
// x: the eigenvalue with its sign; linear, or the symmetric logarithm where the bulk is narrow beside the outliers.
// A ridge's height is the logarithm of the density (per unit of eigenvalue), from a floor that all ridges share: a
// bulk near zero holds almost all eigenvalues and a single outlier one in a million, so on a linear height the
// outliers could not be seen. Area is therefore not a number of eigenvalues. Ticks below a ridge are Ritz values: the outermost
// eigenvalues one by one. The density of stochastic Lanczos quadrature is smoothed by a kernel: an outlier
// is as wide as the kernel, and what lies between two near ones is not resolved. Its spread over probe vectors is not shown.

import Foundation

/// Densities of a spectrum at several training steps, a ridge each.
public struct SpectralDensity: Figure, Equatable {
    /// The density at one step.
    public struct Ridge: Equatable, Sendable {
        /// The training step.
        public let step: Int
        /// Where the density is known, ascending.
        public let eigenvalues: [Double]
        /// `density[i]` at `eigenvalues[i]`, per unit of eigenvalue; nil (or not finite) where undefined.
        public let density: [Double?]
        /// The outermost eigenvalues, a tick each, in any order; nil (or not finite) where one was not found.
        public let outliers: [Double?]

        /// A density on a grid of eigenvalues.
        ///
        /// - Precondition: at least two eigenvalues, finite and ascending; a density at each, not negative.
        public init(step: Int, eigenvalues: [Double], density: [Double?], outliers: [Double?] = []) {
            precondition(step >= 0, "Steps are counted from 0; found \(step).")
            precondition(
                eigenvalues.count >= 2 && eigenvalues.count == density.count,
                """
                A density has a value at each of two eigenvalues or more; found \(eigenvalues.count) eigenvalues \
                and \(density.count) values.
                """
            )
            precondition(
                eigenvalues.allSatisfy(\.isFinite)
                    && zip(eigenvalues, eigenvalues.dropFirst()).allSatisfy { $0 < $1 },
                "The eigenvalues of a density ascend; at step \(step) they do not."
            )
            for case let value? in density {
                precondition(
                    !value.isLess(than: 0),
                    "A density is not negative; found \(value) at step \(step)."
                )
            }
            self.step = step
            self.eigenvalues = eigenvalues
            self.density = density
            self.outliers = outliers
        }
    }

    /// What stands above the figure: the run, the batch, the number of probes, the kernel's width.
    public var title: FigureTitle
    /// The ridges, from the first step, drawn on top, to the last.
    public var ridges: [Ridge]
    /// Where the transition lies; nil where none was found. Ridges of steps inside it are orange.
    public var transition: TransitionInterval?

    /// Densities at several steps.
    ///
    /// - Precondition: at least one ridge; their steps ascend.
    public init(title: FigureTitle, ridges: [Ridge], transition: TransitionInterval?) {
        precondition(!ridges.isEmpty, "A figure of spectral densities needs at least one.")
        for (ridge, next) in zip(ridges, ridges.dropFirst()) {
            precondition(
                ridge.step < next.step,
                "Steps of densities ascend; found \(next.step) after \(ridge.step)."
            )
        }
        self.title = title
        self.ridges = ridges
        self.transition = transition
    }

    /// The specification of the picture.
    public var spec: Spec {
        let plot = RidgePlot(ridges: ridges, transition: transition)
        var view = plot.view
        view.title = title.view(width: RidgePlot.width + 70, notes: plot.notes)
        return Spec(
            description: title.description(
                """
                Densities of the Hessian’s eigenvalues at \(ridges.count) training steps, as ridges of logarithmic \
                height. \(plot.notes.joined(separator: ". "))
                """
            ),
            params: [plot.steps],
            view: view
        )
    }
}
