using Tessera.Toolkit.Interpretation;

namespace Tessera.Terminal.Scripts;

/// <summary>Where the holder of a terminal sees and answers: a screen with keys, whatever its kind.</summary>
public interface IHolderInterface
{
    /// <summary>Performs a command or prompt until the holder has answered.</summary>
    /// <exception cref="OperationCanceledException">The holder took too long, or the script must end.</exception>
    Task<StepOutcome> PerformAsync(Perform action, CancellationToken cancel);
}
