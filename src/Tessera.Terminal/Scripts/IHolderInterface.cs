using Tessera.Toolkit.Commands;
using Tessera.Toolkit.Interpretation;

namespace Tessera.Terminal.Scripts;

/// <summary>Where the holder of a terminal sees and answers: a screen with keys, whatever its kind.</summary>
public interface IHolderInterface
{
    /// <summary>Performs a command or prompt until the holder has answered.</summary>
    /// <exception cref="OperationCanceledException">The holder took too long, or the script must end.</exception>
    Task<StepOutcome> PerformAsync(Perform action, CancellationToken cancel);

    /// <summary>Prints, where the profile of the terminal says that it has a printer. Default: it has none.</summary>
    /// <returns>How that ended.</returns>
    /// <exception cref="IOException">The printer does not answer.</exception>
    /// <exception cref="OperationCanceledException">It took too long, or the script must end.</exception>
    Task<GeneralResult> PrintAsync(Printout content, CancellationToken cancel) =>
        Task.FromResult(GeneralResult.BeyondCapabilities);
}
